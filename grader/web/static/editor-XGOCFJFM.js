import{A as c,y as a,z as b}from"./chunk-OLVFNGNN.js";import"./chunk-DEGNH4W4.js";import"./chunk-NG76GJJG.js";export{a as common,c as createEditor,b as shade};

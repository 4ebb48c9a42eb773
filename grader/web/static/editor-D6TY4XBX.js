import{A as c,y as a,z as b}from"./chunk-BGOP5UQX.js";import"./chunk-DLNGGZTQ.js";import"./chunk-H727CMTO.js";import"./chunk-NG76GJJG.js";export{a as common,c as createEditor,b as shade};

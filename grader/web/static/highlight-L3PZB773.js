import{j as a,l as c,m as i}from"./chunk-NG76GJJG.js";function s(n){let r=n.textContent??"",e=document.createDocumentFragment();a(r,i.parse(r),c,(o,p)=>{if(!p)return e.append(o);let t=document.createElement("span");return t.className=p,t.textContent=o,e.append(t)},()=>e.append(`
`)),n.replaceChildren(e)}export{s as paint};

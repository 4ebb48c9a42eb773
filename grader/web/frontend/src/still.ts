// The course as files, without a server: the page is there, and this draws its formulas and colours its code.
import { play } from "./animation.ts";
import { draw } from "./formulas.ts";
import { paint } from "./highlight.ts";

for (const formula of document.querySelectorAll<HTMLElement>(".math")) draw(formula);
for (const code of document.querySelectorAll("pre > code.language-python")) paint(code);
addEventListener("click", play);

// The style sheet of formulas, which pages without formulas never load.
/** Resolves when formulas can be drawn without being drawn twice. */
export function loadStyle(): Promise<void> {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("maths.css", import.meta.url).href;
  if (document.querySelector(`link[href="${style.href}"]`)) return Promise.resolve();
  return new Promise((done) => {
    style.onload = style.onerror = () => done();
    document.head.append(style);
  });
}

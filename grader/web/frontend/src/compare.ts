// Two versions of the file side by side; loaded when there is a conflict.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { common, shade } from "./editor.ts";

export interface Comparison {
  text(): string;
  close(): void;
}

/** Orange is what is on disk, blue is the student's: neither of them fails. */
const look = EditorView.theme({
  ".cm-collapsedLines": { background: "var(--surface)", color: "var(--quiet)", fontFamily: "var(--sans)" },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: "none" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "var(--orange-wash)" },
  "&.cm-merge-b .cm-changedLine, &:not(.cm-merge-a) .cm-changedLine": { backgroundColor: "var(--blue-wash)" },
  "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: "var(--orange)" },
  "&.cm-merge-b .cm-changedLineGutter, &:not(.cm-merge-a) .cm-changedLineGutter": { background: "var(--blue)" },
  "&.cm-merge-a .cm-changedText, .cm-deletedText": { background: "none", boxShadow: "inset 0 -2px var(--orange)" },
  "&.cm-merge-b .cm-changedText, &:not(.cm-merge-a) .cm-changedText": {
    background: "none",
    boxShadow: "inset 0 -2px var(--blue)",
  },
});

/** Left what is on disk, right what the editor holds; where there is no room for two, one below the other. */
export function compare(parent: HTMLElement, onDisk: string, mine: string): Comparison {
  const label = (name: string) => EditorView.contentAttributes.of({ "aria-label": name, tabindex: "0" });
  const editable = [
    common(),
    shade(),
    look,
    history(),
    keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
    label("Yours, which you can change"),
  ];
  const folded = { margin: 3, minSize: 6 };
  if (parent.clientWidth < 700) {
    const view = new EditorView({
      parent,
      doc: mine,
      extensions: [editable, unifiedMergeView({ original: onDisk, collapseUnchanged: folded })],
    });
    return { text: () => view.state.doc.toString(), close: () => view.destroy() };
  }
  const view = new MergeView({
    parent,
    a: { doc: onDisk, extensions: [common(), shade(), look, EditorState.readOnly.of(true), label("On disk")] },
    b: { doc: mine, extensions: editable },
    revertControls: "a-to-b",
    collapseUnchanged: folded,
  });
  return { text: () => view.b.state.doc.toString(), close: () => view.destroy() };
}

// The editor of the page; loaded when a lesson is opened.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { LanguageSupport, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { pythonLanguage } from "@codemirror/lang-python";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import type { Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Transaction } from "@codemirror/state";
import type { Extension, Text } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import type { Mark } from "./api.ts";
import { onTheme, theme } from "./theme.ts";

/** What every editor of Python on the page has, the two sides of a comparison included. */
export function common(): Extension {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="nonce"]');
  return [
    EditorView.cspNonce.of(nonce?.nonce || nonce?.content || ""),
    lineNumbers(),
    highlightSpecialChars(),
    drawSelection(),
    new LanguageSupport(pythonLanguage),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    syntaxHighlighting(classHighlighter),
    bracketMatching(),
    EditorView.theme({
      "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--sheet)" },
      "&.cm-focused": { outline: "none" },
      ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "var(--code-size)", lineHeight: "1.55" },
      ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
      ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
      ".cm-gutters": { backgroundColor: "var(--sheet)", color: "var(--quiet)", border: "none" },
      ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active)" },
      "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
        backgroundColor: "var(--selection)",
      },
      ".cm-selectionMatch": { backgroundColor: "var(--match)" },
      "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--match)", outline: "1px solid var(--edge)" },
      ".cm-panels": { backgroundColor: "var(--surface)", color: "var(--ink)", borderColor: "var(--edge)" },
      ".cm-panel.cm-search": { padding: "6px 12px 8px", fontFamily: "var(--sans)", fontSize: "0.8125rem" },
      ".cm-panel.cm-search label": { fontSize: "inherit" },
      ".cm-panel.cm-search [name=close]": { fontSize: "1.25rem", color: "var(--quiet)" },
      ".cm-textfield": {
        padding: "3px 6px",
        border: "1px solid var(--edge)",
        borderRadius: "4px",
        backgroundColor: "var(--sheet)",
        color: "var(--ink)",
        fontSize: "inherit",
      },
      ".cm-button": {
        padding: "2px 8px",
        border: "1px solid var(--edge)",
        borderRadius: "4px",
        backgroundImage: "none",
        backgroundColor: "var(--raised)",
        color: "var(--ink)",
        fontSize: "inherit",
      },
      ".cm-searchMatch": { backgroundColor: "var(--match)", outline: "1px solid var(--edge)" },
      ".cm-searchMatch-selected": { backgroundColor: "var(--selection)" },
      ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--edge)" },
      // The usual marks are images of a data: address, which the page's policy refuses.
      ".cm-gutter-lint": { width: "1rem" },
      ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
      ".cm-lint-marker-error": {
        content: "none",
        width: "0.5rem",
        height: "0.5rem",
        margin: "0.4rem auto",
        borderRadius: "50%",
        backgroundColor: "var(--red)",
      },
      ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--red) 1.5px", textUnderlineOffset: "4px" },
    }),
  ];
}

export function shade(): Extension {
  return EditorView.darkTheme.of(theme() === "dark");
}

export interface Hooks {
  typed(text: string): void;
  save(): void;
}

export interface Editor {
  /** Show this text: the least change, so that cursor and scroll stay where they are. */
  show(text: string, isFromDisk: boolean): void;
  mark(marks: readonly Mark[]): void;
  /** Scroll to this line. */
  showLine(line: number): void;
  /** Put the cursor on this line. */
  goTo(line: number): void;
  readOnly(isReadOnly: boolean): void;
  close(): void;
}

export function createEditor(parent: HTMLElement, text: string, label: string, hooks: Hooks): Editor {
  const writing = new Compartment();
  const dark = new Compartment();
  const save = () => (hooks.save(), true);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Mod-s", run: save, preventDefault: true },
          { key: "Mod-Enter", run: save, preventDefault: true },
          indentWithTab,
          ...defaultKeymap.filter((each) => each.key !== "Mod-Enter"),
          ...historyKeymap,
          ...searchKeymap,
        ]),
        dark.of(shade()),
        common(),
        history(),
        indentOnInput(),
        dropCursor(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        search({ top: true }),
        highlightSelectionMatches(),
        lintGutter(),
        writing.of([]),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "editor-keys", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) hooks.typed(update.state.doc.toString());
        }),
      ],
    }),
  });
  const forget = onTheme(() => {
    view.dispatch({ effects: dark.reconfigure(shade()) });
  });
  return {
    show(next, isFromDisk) {
      const change = leastChange(view.state.doc.toString(), next);
      if (!change) return;
      const changes = view.state.changes(change);
      const scroll = view.scrollSnapshot().map(changes);
      view.dispatch({
        changes,
        ...(scroll ? { effects: scroll } : {}),
        ...(isFromDisk ? { annotations: Transaction.addToHistory.of(false) } : {}),
      });
    },
    mark(marks) {
      const found = marks.map((mark) => diagnosticOf(mark, view.state.doc)).filter((each) => each !== null);
      view.dispatch(setDiagnostics(view.state, found));
    },
    showLine(line) {
      if (line < 1 || line > view.state.doc.lines) return;
      const { from } = view.state.doc.line(line);
      view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "start", yMargin: 8 }) });
      if (!view.hasFocus) view.dispatch({ selection: { anchor: from } });
    },
    goTo(line) {
      if (line < 1 || line > view.state.doc.lines) return;
      const { from, text } = view.state.doc.line(line);
      const anchor = from + text.length - text.trimStart().length;
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    readOnly(isReadOnly) {
      view.dispatch({ effects: writing.reconfigure(EditorState.readOnly.of(isReadOnly)) });
    },
    close() {
      forget();
      view.destroy();
    },
  };
}

function diagnosticOf(mark: Mark, doc: Text): Diagnostic | null {
  if (mark.line < 1 || mark.line > doc.lines) return null;
  const line = doc.line(mark.line);
  const indent = line.text.length - line.text.trimStart().length;
  const from = Math.min(line.from + (mark.column > 0 ? mark.column - 1 : indent), line.to);
  const to = mark.column > 0 && mark.width > 0 ? Math.min(from + mark.width, line.to) : line.to;
  // The message is what a student's code raised: it becomes a text node.
  return { from, to, severity: "error", message: mark.message };
}

/** The stretch in which two texts differ. */
function leastChange(before: string, after: string) {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

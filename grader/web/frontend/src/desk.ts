// The student's file between the editor and the disk: values in, values out.
import type { FileView } from "./api.ts";

export interface Desk {
  /** What is on disk, as far as the page knows. */
  readonly disk: FileView;
  /** The content and the digest that `mine` was made from. */
  readonly base: FileView;
  /** What the editor holds. */
  readonly mine: string;
  /** What a save has sent and the server has not confirmed; null if there is none. */
  readonly sent: string | null;
  /** When a draft was put into the editor, in milliseconds since 1970; 0 if none was. */
  readonly restored: number;
}

export type Standing = "saved" | "unsaved" | "conflict";

export function deskOf(disk: FileView): Desk {
  return { disk, base: disk, mine: disk.content, sent: null, restored: 0 };
}

export function standingOf(desk: Desk): Standing {
  if (desk.mine === desk.base.content) return "saved";
  return desk.disk.digest === desk.base.digest ? "unsaved" : "conflict";
}

/** The file on disk is this: an editor without changes follows it, and one with changes keeps them. */
export function withDisk(desk: Desk, disk: FileView): Desk {
  if (desk.mine === disk.content || desk.mine === desk.base.content) {
    return { ...desk, disk, base: disk, mine: disk.content, restored: 0 };
  }
  // The same bytes under another digest, or those of a save on its way, are no change by someone else.
  const isOurs = disk.content === desk.base.content || disk.content === desk.sent;
  return { ...desk, disk, base: isOurs ? disk : desk.base };
}

export function withText(desk: Desk, mine: string): Desk {
  return { ...desk, mine };
}

export function withSent(desk: Desk): Desk {
  return { ...desk, sent: desk.mine };
}

/** The server has written what was sent. */
export function withSaved(desk: Desk, file: FileView): Desk {
  const followed = desk.mine === desk.sent ? { ...desk, mine: file.content } : desk;
  return { ...followed, disk: file, base: file, sent: null, restored: 0 };
}

/** The save did not arrive, or something else is on disk (`file`). */
export function withRefused(desk: Desk, file: FileView | null): Desk {
  const open = { ...desk, sent: null };
  return file ? withDisk(open, file) : open;
}

/** The student has seen what is on disk and decided for this text instead. */
export function withMine(desk: Desk, mine: string): Desk {
  return { ...desk, base: desk.disk, mine };
}

export function withTaken(desk: Desk): Desk {
  return deskOf(desk.disk);
}

export interface Draft {
  readonly base: string;
  readonly text: string;
  readonly at: number;
}

/** A draft comes back as unsaved changes; if the disk has moved on since, as a conflict. */
export function withDraft(desk: Desk, draft: Draft): Desk {
  if (draft.text === desk.disk.content) return desk;
  const base = draft.base === desk.disk.digest ? desk.disk : { ...desk.disk, digest: draft.base, content: "" };
  return { ...desk, base, mine: draft.text, restored: draft.at };
}

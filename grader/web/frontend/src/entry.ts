// How a tab comes to its token: from the first address, from the page, from before it was loaded again, or from a tab.
import { exchange, token } from "./client.ts";
import { parseEntry } from "./routes.ts";
import { place, read, write } from "./storage.ts";

const KEY = `grade-token:${place}`;
const PATIENCE = 500;

interface Word {
  readonly place: string;
  /** Empty if the sender asks for one. */
  readonly token: string;
}

const tabs = new BroadcastChannel("grade-web");

/** Take the token out of the address before anything else can see it. Returns whether there was one. */
async function fromAddress(): Promise<boolean> {
  const entry = parseEntry(location.hash);
  if (!entry) return false;
  history.replaceState(null, "", entry.route);
  const found = entry.token || (await exchange(entry.ticket));
  if (found) keep(found);
  return found !== "";
}

function keep(value: string): void {
  token.value = value;
  write(KEY, value, sessionStorage);
}

/** Whether the tab has a token now. `onNew` is called when another tab tells one later: the server was started again. */
export async function enter(onNew: () => void): Promise<boolean> {
  const isNew = await fromAddress();
  const given = document.querySelector<HTMLMetaElement>('meta[name="token"]')?.content;
  if (given) keep(given);
  if (!token.value) token.value = read(KEY, sessionStorage);
  const isKnown = token.value !== "";
  return new Promise((decide) => {
    tabs.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data.place !== place) return;
      if (!data.token) {
        if (token.value) tabs.postMessage({ place, token: token.value } satisfies Word);
      } else if (data.token !== token.value) {
        const isFirst = !token.value;
        keep(data.token);
        if (isFirst) decide(true);
        onNew();
      }
    };
    // An address that is opened in a tab which is here already loads nothing.
    addEventListener("hashchange", () => {
      void fromAddress().then((isIn) => isIn && onNew());
    });
    if (isKnown) decide(true);
    tabs.postMessage({ place, token: isNew ? token.value : "" } satisfies Word);
    setTimeout(() => decide(token.value !== ""), PATIENCE);
  });
}

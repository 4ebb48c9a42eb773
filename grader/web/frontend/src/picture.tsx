// Expected, yours and the difference, drawn by the server. The drawing is an image: what it holds is never markup here.
import { useEffect, useState } from "preact/hooks";
import type { Picture as Drawn } from "./api.ts";
import { client } from "./client.ts";
import { useAnswer } from "./parts.tsx";

export function Picture(props: {
  readonly lesson: string;
  readonly exercise: string;
  /** Whether the student asks for it: then the page says why there is none. */
  readonly isAsked: boolean;
  readonly isBusy: boolean;
  /** What the page says already: the caption leaves it out. */
  readonly said: string;
}) {
  const { lesson, exercise, isAsked, isBusy, said } = props;
  const [answer] = useAnswer(
    async (signal) => (isBusy ? null : client.picture(lesson, exercise, signal)),
    [exercise, isBusy],
  );
  if (answer.is === "here" && answer.value) {
    const { svg, words } = answer.value;
    if (svg || (isAsked && words.length)) {
      return <Drawing picture={{ ...answer.value, words: words.filter((line) => line.trim() !== said.trim()) }} />;
    }
    return isAsked ? <p class="quiet">There is nothing to draw.</p> : null;
  }
  if (answer.is === "waiting") return isBusy ? null : <p class="quiet">Drawing expected, yours and the difference ...</p>;
  return answer.is === "refused" && isAsked ? <p class="quiet">{answer.error}</p> : null;
}

export function Drawing({ picture }: { readonly picture: Drawn }) {
  const [address, set] = useState("");
  useEffect(() => {
    if (!picture.svg) return;
    const made = URL.createObjectURL(new Blob([picture.svg], { type: "image/svg+xml" }));
    set(made);
    return () => URL.revokeObjectURL(made);
  }, [picture.svg]);
  return (
    <figure class="drawing">
      {address && picture.svg && <img src={address} alt={picture.words.join(" ")} />}
      <figcaption>
        {picture.words.map((line) => (
          <p>{line}</p>
        ))}
        {picture.call && <code>{picture.call}</code>}
      </figcaption>
    </figure>
  );
}

// "My code is right": the case against a verdict, in one file for the author of the lesson.
import { useState } from "preact/hooks";
import { client } from "./client.ts";
import { attempt } from "./work.ts";

export interface AppealProps {
  readonly lesson: string;
  /** The number of the lesson, which is in the name of the file. */
  readonly id: string;
  readonly exercise: string;
}

export function Appeal({ lesson, id, exercise }: AppealProps) {
  const [is, set] = useState<"closed" | "open" | "saved">("closed");
  const [says, say] = useState("");
  const name = `appeal-${id}-${exercise}.json`;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(async () => {
      save(await client.appeal(lesson, exercise, says), name);
      set("saved");
    });
  };
  return (
    <div class="appeal">
      <button type="button" aria-expanded={is !== "closed"} onClick={() => set(is === "closed" ? "open" : "closed")}>
        My code is right
      </button>
      {is !== "closed" && (
        <form onSubmit={submit}>
          <p>
            Pack the case into one file, and send it to your instructor or to the author of the lesson. It holds your
            saved file as it is, the failing call, the verdict and the versions. Nothing of your computer is in it: no
            paths, no names but those that you have written into your file.
          </p>
          <label>
            Why it is right, in a sentence (if you like)
            <input type="text" maxLength={1000} value={says} onInput={(event) => say(event.currentTarget.value)} />
          </label>
          <p class="buttons">
            <button type="submit">Save {name}</button>
          </p>
          <p role="status">{is === "saved" && `${name} is among your downloads.`}</p>
        </form>
      )}
    </div>
  );
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

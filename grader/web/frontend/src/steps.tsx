// The student's loop, step by step, up to the first that differs.
import type { LoopNumber, LoopStep } from "./api.ts";

/** A row for each moment of the loop, and a column for each variable; what is wrong has the expected number beside it. */
export function Steps({ steps }: { readonly steps: readonly LoopStep[] }) {
  const names = steps[0]?.numbers.map((each) => each.name) ?? [];
  if (!names.length) return null;
  return (
    <div class="steps" tabIndex={0} role="group" aria-label="Your loop, step by step">
      <table>
        <caption>Your loop, up to the first step that differs</caption>
        <thead>
          <tr>
            <td />
            {names.map((name) => (
              <th scope="col">
                <code>{name}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr>
              <th scope="row">{step.place}</th>
              {step.numbers.map((number) => (
                <Cell number={number} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ number }: { readonly number: LoopNumber }) {
  if (!number.is_wrong) return <td>{number.mine}</td>;
  return (
    <td class="wrong">
      <b>{number.mine}</b>
      <small>expected {number.expected}</small>
    </td>
  );
}

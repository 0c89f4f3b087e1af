// How full the model's window is: a line under the header, unfolded by what the next request is made of. Native and without a state of ours.

import type { ContextMeter } from "../protocol/to-view.ts";
import { Icon } from "./icon.tsx";

export function Context({ meter }: { readonly meter: ContextMeter }) {
  const { said, full, rows, notes, step } = meter;
  return (
    <details class="context small num">
      <summary>
        <Icon name="chevron-right" small class="fold" />
        <span class="quiet cut">
          Context {said}
          {step === undefined ? "" : `, step ${step}`}
        </span>
        {full === undefined ? null : (
          <span class="meter push" role="meter" aria-label="Context" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(full)}>
            <Fill share={full} />
          </span>
        )}
      </summary>
      <table>
        <caption class="sr">What the next request is made of</caption>
        <tbody>
          {rows.map(({ name, amount, share }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{amount}</td>
              <td>{share < 0.1 ? "under 0.1" : share} %</td>
              <td class="wide" aria-hidden="true">
                <span class="meter">
                  <Fill share={share} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </details>
  );
}

/** The page's policy forbids style attributes, not styles that its own script sets. */
const Fill = ({ share }: { readonly share: number }) => <i ref={(bar) => bar?.style.setProperty("width", `${share}%`)} />;

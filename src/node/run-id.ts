// Names of runs: 20261121-1326-k3f9. They sort by time, say when (UTC), and end in something short to type.

/** Digits and letters in ASCII order, without those that look alike. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** The name of a run that starts at `now`; `chance` (0 to 1) sets apart two of the same two milliseconds. */
export function runId(now: number, chance: number): string {
  const [date = "", time = ""] = new Date(now).toISOString().split("T");
  const slice = Math.floor(((now % 60_000) / 60_000) * alphabet.length ** 3);
  const places = [slice / alphabet.length ** 2, slice / alphabet.length, slice, chance * alphabet.length];
  const tail = places.map((place) => alphabet[Math.floor(place) % alphabet.length]).join("");
  return `${date.replaceAll("-", "")}-${time.slice(0, 5).replace(":", "")}-${tail}`;
}

export const isRunId = (name: string): boolean => /^\d{8}-\d{4}-[0-9a-z]{4}$/.test(name);

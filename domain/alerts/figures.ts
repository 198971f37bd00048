// Owns how numbers and times stand in sentences of alerts. Knows no language but the product's English.

/** `15,432`. */
export function inWords(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 row`, `2 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${inWords(count)} ${count === 1 ? one : many}`;
}

/** `2.18 %` of a share of 0 to 1. */
export function inPercent(share: number): string {
  const percent = Number((share * 100).toFixed(2));
  return share > 0 && percent === 0 ? 'less than 0.01 %' : `${percent} %`;
}

const units = [
  { ms: 86_400_000, name: ' d' },
  { ms: 3_600_000, name: ' h' },
  { ms: 60_000, name: ' min' },
  { ms: 1_000, name: ' s' },
] as const;

/** The two largest units: `4 min 23 s`, `2 h 5 min`; `0 s` below a second. */
export function inTime(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1_000)) * 1_000;
  const parts: string[] = [];
  for (const { ms: unit, name } of units) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) parts.push(`${count}${name}`);
    // Next to days nobody asks for minutes.
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ') || '0 s';
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `15 Jan 09:00 UTC` of a time in RFC 3339. */
export function inUtc(at: string): string {
  const time = new Date(at).toISOString();
  return `${Number(time.slice(8, 10))} ${months[Number(time.slice(5, 7)) - 1]} ${time.slice(11, 16)} UTC`;
}

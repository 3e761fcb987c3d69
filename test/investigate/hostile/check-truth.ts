import type { Finding } from '../../../src/model/knocks/knocks.ts';
import type { Investigated } from './investigate-world.ts';
import { trueFigures, type TrueFigures } from './true-figures.ts';
import { accusations, type Planted } from './truth.ts';
import type { World } from './world.ts';

/** What an investigation of a world got wrong, a line each: visitors missed or told wrongly, and people accused who did nothing. */
export function troubleWith(investigated: Investigated): readonly string[] {
  const { world, knocks } = investigated;
  const told = new Set<Finding>();
  const missed = world.planted.flatMap((planted) => {
    const matches = knocks.findings.filter((finding) => tells(finding, planted));
    for (const match of matches) told.add(match);
    return checkPlanted(planted, matches, investigated);
  });
  const accused = knocks.findings.flatMap((finding) => {
    const sources = new Set(finding.sources.map(({ address }) => address));
    const known = world.benign.filter((one) => one.sources.some((address) => sources.has(address)));
    const words = known.flatMap(
      ({ name, neverSays }) =>
      neverSays === undefined || !neverSays.test(wordsOf(finding)) ? [] : [`of ${name} it is said: ${neverSays.exec(wordsOf(finding))?.[0]}`], // prettier-ignore
    );
    if (told.has(finding) || !isAccusation(finding)) return words;
    if (known.length > 0 && known.every(({ fine }) => fine?.includes(finding.kind) === true)) return words;
    const besides = world.planted.some(
      (planted) => planted.besides?.includes(finding.kind) === true && isOf(finding, planted),
    );
    if (besides) return words;
    const who = [...known, ...world.planted.filter((planted) => isOf(finding, planted))];
    return [
      ...words,
      `${who.map(({ name }) => name).join(', ') || 'nobody planted'}: told as ${finding.kind}: ${finding.summary}`,
    ];
  });
  return [...missed, ...accused];
}

/** Whether it accuses somebody: of scans, those of a machine inside that nobody answers; others are everywhere. */
function isAccusation({ kind, verdict }: Finding): boolean {
  return accusations.includes(kind) || (kind === 'scan' && verdict === 'unanswered');
}

/** All sentences of a finding. */
function wordsOf({ summary, evidence, next_step: next }: Finding): string {
  return [summary, ...evidence.map(({ text }) => text), next].join('\n');
}

function isOf(finding: Finding, planted: Planted): boolean {
  return finding.sources.some(({ address }) => planted.sources.includes(address));
}

function tells(finding: Finding, planted: Planted): boolean {
  const atTarget = finding.target !== null && planted.targets.includes(finding.target.address);
  const isRight = planted.by === undefined ? isOf(finding, planted) : atTarget || (planted.by === 'either' && isOf(finding, planted)); // prettier-ignore
  return planted.kinds.includes(finding.kind) && isRight;
}

function checkPlanted(
  planted: Planted,
  matches: readonly Finding[],
  { records, world }: Investigated,
): readonly string[] {
  const figures = trueFigures(planted, records);
  const wrong = (text: string): string => `${planted.name}: ${text}`;
  if (figures === null && planted.counted !== null) return [wrong('the world does not log it')];
  if (matches.length === 0) return [wrong(`not found as ${planted.kinds.join(' or ')}`)];
  const trouble: string[] = [];
  const most = planted.findings ?? 1;
  if (matches.length > most)
    trouble.push(`${matches.length} findings instead of ${most}: ${matches.map(({ id }) => id).join(', ')}`);
  const found = new Set(matches.flatMap(({ sources }) => sources.map(({ address }) => address)));
  const lacking = planted.sources.filter((address) => !found.has(address));
  const foreign = [...found].filter((address) => !planted.sources.includes(address));
  if (lacking.length > 0 && planted.anySource !== true && planted.by === undefined)
    trouble.push(`${lacking.length} of ${planted.sources.length} sources are not told (${lacking[0]})`);
  if (foreign.length > 0 && planted.by !== 'either') trouble.push(`told together with ${foreign.join(', ')}`);
  for (const finding of matches) trouble.push(...checkPlace(finding, planted));
  if (figures !== null && planted.counted !== null) trouble.push(...checkFigures(matches, figures, world));
  const words = matches.map(wordsOf).join('\n');
  if (planted.says !== undefined && !planted.says.test(words))
    trouble.push(`nowhere ${planted.says}: ${words.slice(0, 200)}`);
  if (planted.neverSays?.test(words) === true) trouble.push(`it says ${planted.neverSays.exec(words)?.[0]}`);
  return trouble.map(wrong);
}

function checkPlace(finding: Finding, planted: Planted): readonly string[] {
  const { target, ports, target_count: targets, verdict } = finding;
  const trouble: string[] = [];
  if (target !== null && !planted.targets.includes(target.address))
    trouble.push(`target ${target.address} instead of ${planted.targets.join(', ')}`);
  const places = planted.oneTarget === true || planted.anySource === true ? 1 : planted.targets.length;
  if (places === 1 && target === null) trouble.push('no target, though there is but one');
  if (places > 1 && planted.findings === undefined && targets !== places)
    trouble.push(`${targets} targets instead of ${places}`);
  if (planted.port !== null && !ports.includes(planted.port))
    trouble.push(`ports ${ports.join(', ') || 'none'} instead of ${planted.port}`);
  if (planted.verdict !== undefined && verdict !== planted.verdict)
    trouble.push(`verdict ${verdict} instead of ${planted.verdict}`);
  return trouble;
}

function checkFigures(
  matches: readonly Finding[],
  figures: TrueFigures,
  { begin, shape: { window, variation } }: World,
): readonly string[] {
  // Windows of the two ends of one connection begin at different times.
  const slack = variation === 'whole windows' ? window : 0;
  const trouble: string[] = [];
  const attempts = matches.reduce((sum, finding) => sum + finding.attempts, 0);
  if (attempts !== figures.attempts) trouble.push(`${attempts} attempts instead of ${figures.attempts}`);
  const hourly = matches.flatMap((finding) => finding.hourly.attempts);
  const summed = hourly.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  if (summed !== attempts) trouble.push(`${summed} attempts in the hours, ${attempts} in all`);
  const told = matches.map((finding: Finding & { readonly rejected_flows?: number }) => finding.rejected_flows); // prettier-ignore
  const rejected = told.reduce<number>((sum, flows) => sum + (flows ?? 0), 0);
  if (told.some((flows) => flows !== undefined) && rejected !== figures.rejected)
    trouble.push(`${rejected} rejected flows instead of ${figures.rejected}`);
  const listed = matches.flatMap(({ sources }) => sources);
  for (const [address, truly] of figures.bySource) {
    const told = listed
      .filter((source) => source.address === address)
      .reduce((sum, one) => sum + one.attempts, 0);
    if (told !== 0 && told !== truly) trouble.push(`${told} attempts of ${address} instead of ${truly}`);
  }
  const seconds = (text: string): number => Date.parse(text) / 1000 - begin;
  const first = Math.min(...matches.map((finding) => seconds(finding.first_seen)));
  const last = Math.max(...matches.map((finding) => seconds(finding.last_seen)));
  if (Math.abs(first - (figures.first - begin)) > slack)
    trouble.push(`first seen at second ${first} instead of ${figures.first - begin}`);
  if (last < figures.lastBegun - begin - slack || last > figures.lastSeen - begin + slack)
    trouble.push(
      `last seen at second ${last} instead of ${figures.lastBegun - begin} to ${figures.lastSeen - begin}`,
    );
  return trouble;
}

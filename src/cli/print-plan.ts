import pc from 'picocolors';
import { safeText } from '../model/safe-text.ts';
import { shellComment, shellWord } from '../model/shell-words.ts';
import type { DoorPeer, DoorPlan, PlanPhase, PlanVariable } from '../model/visits/door-plan.ts';
import { formatCount, plural } from './messages.ts';
import { wrap } from './wrap-text.ts';

/** A plan for a terminal. */
export function formatPlan(plan: DoorPlan): string {
  const { target, machine, finding, peers, more_peers: more } = plan;
  const text = (line: string, first: string, rest = first): readonly string[] =>
    wrap(safeText(line), first, rest);
  const ids = [machine.instance, machine.interface, machine.public_address, machine.subnet, machine.vpc];
  return [
    pc.bold(
      safeText(
        `Opening port ${target.port} of ${machine.name ?? target.address}: nothing of this is executed.`,
      ),
    ),
    safeText([target.address, ...ids.filter((id) => id !== null), ...machine.groups].join(' · ')),
    ...(finding === null ? [] : text(finding.summary, '')),
    '',
    pc.bold('Who talks to it now, and would miss it'),
    ...(peers.length === 0
      ? ['  Nobody, by the flow logs.']
      : peers.map((peer) => `  ${safeText(peerText(peer))}`)),
    ...(more === 0 ? [] : [pc.dim(`  … and ${plural(more, 'more peer')}`)]),
    '',
    pc.bold('Variables of the commands'),
    ...plan.variables.map((variable) => `  ${variableLine(variable)}`),
    ...plan.phases.flatMap((phase) => [
      '',
      pc.bold(phase.title),
      ...phase.steps.flatMap((step) => [
        ...text(step.text, '  ', '  '),
        ...step.commands.map((command) => `      ${pc.cyan(safeText(command))}`),
      ]),
    ]),
    '',
    ...plan.missing.flatMap((line) => text(line, `${pc.yellow('?')} `, '  ')),
    '',
  ].join('\n');
}

/**
 * A plan as a script for a POSIX shell: a function for each phase. Run without arguments it only says how it is used, and
 * a phase whose variables are not set stops before its first command.
 */
export function formatScript(plan: DoorPlan): string {
  const { target, machine, peers, phases } = plan;
  const names = phases.map(({ name }) => name);
  return [
    '#!/bin/sh',
    shellComment(
      `Opens port ${target.port} of ${machine.name ?? target.address} (${target.address}), and closes it again.`,
    ),
    shellComment('Read it first. It runs nothing unless a phase is named, and asks for no confirmation.'),
    'set -eu',
    '',
    '# Who talks to the machine now, and would miss it:',
    ...(peers.length === 0
      ? ['#   nobody, by the flow logs']
      : peers.map((peer) => shellComment(`  ${peerText(peer)}`))),
    ...plan.missing.map(shellComment),
    '',
    ...plan.variables.map(variableLine),
    ...phases.flatMap((phase) => ['', ...phaseLines(phase, plan.variables)]),
    '',
    'case "${1:-}" in',
    ...names.map((name) => `  ${name}) ${functionOf(name)} ;;`),
    `  *) echo "usage: $0 ${names.join('|')}" >&2; exit 2 ;;`,
    'esac',
    '',
  ].join('\n');
}

function phaseLines(
  { name, title, steps }: PlanPhase,
  variables: readonly PlanVariable[],
): readonly string[] {
  const commands = steps.flatMap((step) => step.commands);
  const live = commands.filter((command) => !command.startsWith('#'));
  // Variables of steps that most machines don't need are checked by the commands themselves.
  const used = variables.filter(
    (variable) => variable.value === null && live.some((command) => command.includes(`$${variable.name}`)),
  );
  return [
    shellComment(title),
    `${functionOf(name)}() {`,
    ...used.map((variable) => `  : "\${${variable.name}:?set it first: ${variable.what}}"`),
    ...steps.flatMap((step) => [
      `  ${shellComment(step.text)}`,
      ...step.commands.map((command) => `  ${command}`),
    ]),
    // A function has at least one command.
    '  :',
    '}',
  ];
}

/** Names that are no commands (`open` is one on some systems). */
function functionOf(name: string): string {
  return `door_${name}`;
}

function variableLine({ name, value, what }: PlanVariable): string {
  return value === null
    ? `${name}="\${${name}:-}"  ${shellComment(`NOT KNOWN, set it: ${what}`)}`
    : `${name}=${shellWord(value)}  ${shellComment(what)}`;
}

function peerText({ address, name, direction, port, flows, flows_per_hour: rate }: DoorPeer): string {
  const peer = name === null ? address : `${address} ${name}`;
  const way = direction === 'in' ? `${peer} → port ${port}` : `→ ${peer} port ${port}`;
  return `${way}: ${plural(flows, 'flow')}, ${formatCount(rate)} per hour`;
}

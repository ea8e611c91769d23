import * as z from 'zod/mini';
import type { ActionType } from '../../shared/actions/action-type.ts';
import type { ExcludedAction } from '../../shared/actions/excluded.ts';
import { actionReasonCodes, type ReasonFound } from './action-reason-codes.ts';
import { table } from './content-types-page.ts';

/** The parts of docs/response-actions.md that are made from the catalogue, by the name of their mark. */
export function actionsSections(
  types: readonly ActionType[],
  excluded: readonly ExcludedAction[],
): Readonly<Record<string, string>> {
  return {
    actions: table(
      ['action', 'what it does', 'target', 'danger', 'permission of the token’s role', 'OS', 'parameters'],
      types.map((type) => [
        `\`${type.id}\``,
        `**${type.title}.** ${type.description}`,
        type.target,
        type.danger,
        [type.permission, ...(type.permissionToSee === undefined ? [] : [type.permissionToSee])].join(', '),
        type.operatingSystems?.join(', ') ?? 'all',
        parametersText(type),
      ]),
    ),
    outcomes: table(
      [
        'action',
        'done when',
        'mostly takes',
        'unknown after',
        'waits for offline endpoints',
        'sent again',
        'undone by',
      ],
      types.map((type) => [
        `\`${type.id}\``,
        type.doneWhen,
        timeText(type.typicalSeconds),
        timeText(type.timeoutMinutes * 60),
        yesOrNo(type.needsEndpoint),
        yesOrNo(type.isRepeatable),
        type.revertedBy.map((id) => `\`${id}\``).join(', ') || 'nothing',
      ]),
    ),
    excluded: table(
      ['what', 'would be', 'why not'],
      excluded.map(({ id, title, reason }) => [title, `\`${id}\``, reason]),
    ),
    'reasons of the catalogue': table(
      ['code', 'found', 'meaning'],
      Object.entries(actionReasonCodes).map(([code, [found, meaning]]) => [
        `\`${code}\``,
        foundText[found],
        meaning,
      ]),
    ),
  };
}

const foundText: Readonly<Record<ReasonFound, string>> = {
  before: 'before sending',
  answer: 'in the answer',
  look: 'in a look',
};

/** `scope`: site, account or group; site where absent. */
function parametersText({ parameters }: ActionType): string {
  const shape = z.toJSONSchema(parameters, { unrepresentable: 'any' });
  const texts = Object.entries(shape.properties ?? {}).map(([name, schema]) => {
    if (typeof schema === 'boolean') throw new Error(`Nobody has said what ${name} is.`);
    const initial = schema.default === undefined ? '' : `; \`${String(schema.default)}\` where absent`;
    return `\`${name}\`: ${valueText(schema)}${initial}`;
  });
  return texts.join('<br>') || 'none';
}

function valueText({ type, enum: values, maxLength }: z.core.JSONSchema.BaseSchema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'boolean') return 'true or false';
  if (type === 'string' && maxLength !== undefined)
    return `a text, up to ${maxLength.toLocaleString('en')} characters`;
  throw new Error(`Nobody has said how a parameter of the type ${String(type)} is described.`);
}

function timeText(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function yesOrNo(is: boolean): string {
  return is ? 'yes' : 'no';
}

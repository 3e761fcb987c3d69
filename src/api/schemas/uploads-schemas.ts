import { Type } from 'typebox';

export const MOST_NAME_CHARACTERS = 1024;
export const MOST_FORMAT_CHARACTERS = 4096;

export const uploadQuerySchema = Type.Object({
  name: Type.String({
    minLength: 1,
    maxLength: MOST_NAME_CHARACTERS,
    description: 'What the file is called',
  }),
  format: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MOST_FORMAT_CHARACTERS,
      description: 'The fields of lines without a header, as in `${version} ${account-id}`',
    }),
  ),
});

const range = Type.Union([Type.Object({ from: Type.String(), to: Type.String() }), Type.Null()], {
  description: 'From the first start of the new flows to one second after the last',
});

/** `IngestReport`, as `peephole ingest --json` prints it. */
export const ingestReportSchema = Type.Object(
  {
    inputs: Type.Number({ description: 'The file, or those in the archive that it is' }),
    skipped_inputs: Type.Number({ description: 'In already, by their content' }),
    failed_inputs: Type.Number({ description: 'That can’t be read: `failures` says why' }),
    records: Type.Number({ description: 'flows + nodata + skipdata + quarantined + duplicates + visits' }),
    flows: Type.Number(),
    nodata: Type.Number(),
    skipdata: Type.Number(),
    quarantined: Type.Number({ description: 'Lines that can’t be read: `reasons` has the most frequent' }),
    visits: Type.Number({ description: 'Visits to open ports, in files of a listener' }),
    duplicates: Type.Number(),
    expired: Type.Optional(
      Type.Number({ description: 'Of the duplicates, those older than what retention has kept' }),
    ),
    untimed_flows: Type.Number(),
    range,
    seconds: Type.Number(),
    failures: Type.Array(Type.Object({ input: Type.String(), code: Type.String(), reason: Type.String() })),
    reasons: Type.Array(
      Type.Object({
        reason: Type.String(),
        records: Type.Number(),
        input: Type.String(),
        line: Type.Number(),
        text: Type.String(),
      }),
    ),
    warnings: Type.Optional(
      Type.Array(Type.String(), { description: 'What was not as it should be, though nothing is missing' }),
    ),
    other_files: Type.Array(Type.Object({ input: Type.String(), kind: Type.String() })),
    ignored: Type.Array(Type.String()),
  },
  { title: 'IngestReport' },
);

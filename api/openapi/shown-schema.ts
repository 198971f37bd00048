// Owns what a reader of the document sees of a zod schema where its own translation says too much. Checks nothing.
import type { ZodOpenApiOverride } from 'zod-openapi';

/**
 * Answers are open: keys may follow, and a client that stumbles over one would break on a day when nothing was taken
 * away. Requests stay closed, as they are. Bounds of safe integers and the pattern behind a date-time say nothing to a
 * reader.
 */
export const shownSchema: ZodOpenApiOverride = ({ jsonSchema, io }) => {
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};

import schema from '../../catalog/vertex-schema.json' with { type: 'json' };

/** One field of a message, as Vertex AI's protos declare it. */
export interface FieldSchema {
  /** A scalar type of protobuf, or the name of a message or enum: `CustomJobSpec`, `StudySpec.MetricSpec`. */
  readonly type: string;
  readonly repeated?: boolean;
  /** Type of the keys, for a map. */
  readonly key?: string;
  /** google.api.field_behavior: REQUIRED, OUTPUT_ONLY or IMMUTABLE. */
  readonly behavior?: string;
  /** Fields of one message that share it exclude each other. */
  readonly oneof?: string;
}

export type MessageSchema = Readonly<Record<string, FieldSchema>>;

const MESSAGES: Readonly<Record<string, MessageSchema>> = schema.messages;
const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = schema.enums;

/** The fields of a message by their camelCase names; undefined where the type is none. */
export const messageSchema = (type: string): MessageSchema | undefined => MESSAGES[type];

/** The values of an enum with their wire numbers; undefined where the type is none. */
export const enumSchema = (type: string): Readonly<Record<string, number>> | undefined => ENUMS[type];

/** The camelCase name that proto3 JSON takes for a snake_case one. */
export const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

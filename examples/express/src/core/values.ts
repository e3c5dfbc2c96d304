/** Schemas of the values that clients send, as strict as JSON, and no wider than the database. */

import { domainToASCII } from "node:url";
import { z } from "zod";

/** Characters as people and PostgreSQL count them, where JavaScript counts UTF-16 units. */
function lengthOf(value: string): number {
  let length = 0;
  for (const _ of value) {
    length += 1;
  }
  return length;
}

export const plainText = z
  .string()
  .refine(
    (value) => value.isWellFormed() && !value.includes("\0"),
    "must not contain NUL characters or lone surrogates",
  );

export function text(minLength: number, maxLength: number, description: string) {
  return plainText
    .refine((value) => lengthOf(value) >= minLength, `must have ${minLength} characters or more`)
    .refine((value) => lengthOf(value) <= maxLength, `must have ${maxLength} characters or less`)
    .meta({ description, maxLength, ...(minLength > 0 && { minLength }) });
}

export const shortText = text(1, 200, "Text of 1 to 200 characters.");
export const longText = text(0, 50_000, "Text of up to 50,000 characters.");

export const flag = z.boolean().meta({ description: "True or false." });

export const day = z.iso
  .date("must be a date, such as 2026-01-31")
  .refine((value) => !value.startsWith("0000"), "must be a date after the year 0")
  .meta({ description: "Date, such as 2026-01-31." });

/** In lower case; every domain has an ASCII form, and few servers accept more before the @. */
function normalizeAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = domainToASCII(address.slice(at + 1));
  return `${address.slice(0, at)}@${domain}`.toLowerCase();
}

export const email = plainText
  .refine((value) => lengthOf(value) <= 254, "must have 254 characters or less")
  .transform(normalizeAddress)
  .pipe(z.email("must be an email address"))
  .meta({
    description: "Email address.",
    override: { type: "string", format: "email", maxLength: 254 },
  });

/** A number in a query: decimal digits, which JavaScript would also read in `1e1` and ` 5`. */
export function queryNumber(
  minimum: number,
  maximum: number,
  initial: number,
  description: string,
) {
  return z
    .string()
    .refine((digits) => /^\d+$/.test(digits), "must be a number in decimal digits")
    .transform(Number)
    .refine((number) => number >= minimum, `must be at least ${minimum}`)
    .refine((number) => number <= maximum, `must be at most ${maximum}`)
    .default(initial)
    .meta({ description, override: { type: "integer", minimum, maximum, default: initial } });
}

export const queryFlag = z
  .enum(["true", "false"], "must be true or false")
  .transform((value) => value === "true")
  .meta({ override: { type: "boolean" } });

/** An enum, and a component of the OpenAPI document that is called `id`. */
export function oneOf<const T extends readonly string[]>(id: string, values: T) {
  return z.enum(values).meta({ id });
}

export function described<T extends ReturnType<typeof oneOf>>(choice: T): T {
  return choice.meta({ description: `One of ${choice.options.join(", ")}.` });
}

/** The body of an update: each field may be left out, which changes nothing. */
export function updateOf<T extends z.core.$ZodLooseShape>(fields: T, id: string) {
  return z.object(fields).partial().meta({ id });
}

// Fields of responses, which no client sends.
export const id = z.uuid().meta({ description: "UUID, version 7." });

export function time(description: string) {
  return z.date().meta({ description, override: { type: "string", format: "date-time" } });
}

export const createdAt = time("Time of creation, in UTC.");
export const updatedAt = time("Time of the last change, in UTC.");
export const storedText = z.string().describe("Text of 1 to 200 characters.");
export const storedLongText = z.string().describe("Text of up to 50,000 characters.");
export const storedDay = z.iso.date().describe("Date, such as 2026-01-31.");

/** Columns that SQLite and PostgreSQL do not share. */

import { DecimalType, p } from "@mikro-orm/core";

/** SQLite keeps a decimal as a floating-point number, which is exact to 15 digits. */
class ExactDecimal extends DecimalType<"string"> {
  constructor() {
    super("string");
  }

  override convertToJSValue(value: string): string {
    const decimals = this.prop?.scale ?? 0;
    return typeof value === "number" ? (value as number).toFixed(decimals) : value;
  }
}

export function decimal(digits: number, decimals: number) {
  return p.type(ExactDecimal).$type<string>().precision(digits).scale(decimals);
}

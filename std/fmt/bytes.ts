/** How {@linkcode format} writes a number of bytes. */
export interface FormatOptions {
  /** Bits in place of bytes in the unit's name. @default false */
  bits?: boolean;
  /** Powers of 1024 (KiB) in place of powers of 1000 (kB). @default false */
  binary?: boolean;
  /** A plus sign before positive numbers. @default false */
  signed?: boolean;
  /** A locale for the number; `true` is the system's. @default a plain number */
  locale?: boolean | string | string[];
  /** @default three significant digits */
  minimumFractionDigits?: number;
  /** @default three significant digits */
  maximumFractionDigits?: number;
}

const PREFIXES = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];

/**
 * A number of bytes with its unit: `1337` is `1.34 kB`, or `1.31 kiB` with `binary`.
 *
 * @throws TypeError when the number is not finite
 */
export function format(bytes: number, options: FormatOptions = {}): string {
  if (!Number.isFinite(bytes)) throw new TypeError(`Expected a finite number, got ${bytes}`);
  const unit = options.bits ? "b" : "B";
  if (options.signed && bytes === 0) return ` 0 ${unit}`;
  const sign = bytes < 0 ? "-" : options.signed ? "+" : "";
  const size = Math.abs(bytes);
  const exponent = exponentOf(size, options.binary ? 1024 : 1000);
  const scaled = size / (options.binary ? 1024 : 1000) ** exponent;
  const number = numberText(size < 1 ? size : scaled, size < 1, options);
  if (exponent === 0) return `${sign}${number} ${unit}`;
  return `${sign}${number} ${PREFIXES[exponent]}${options.binary ? "i" : ""}${
    options.bits ? "bit" : "B"
  }`;
}

function exponentOf(size: number, base: number): number {
  let exponent = 0;
  while (exponent < PREFIXES.length - 1 && size >= base ** (exponent + 1)) exponent++;
  return exponent;
}

function numberText(value: number, exact: boolean, options: FormatOptions): string {
  const { locale, minimumFractionDigits, maximumFractionDigits } = options;
  const digits = minimumFractionDigits || maximumFractionDigits
    ? { minimumFractionDigits, maximumFractionDigits }
    : undefined;
  const rounded = digits || exact ? value : Number(value.toPrecision(3));
  if (typeof locale === "string" || Array.isArray(locale)) {
    return rounded.toLocaleString(locale, digits);
  }
  return locale === true || digits ? rounded.toLocaleString(undefined, digits) : String(rounded);
}

/** How many cases there are in all where nobody asks for more. @module */
export const CASES = 20_000;

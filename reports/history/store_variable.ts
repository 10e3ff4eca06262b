/** The variable that names the store where no option does. @module */
export const STORE_VARIABLE = "IPC_TAXONOMY_STORE";

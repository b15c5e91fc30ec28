export function findTypes(entries: readonly string[]): Promise<Set<string>>;
export function pruneTypes(folder: string, entries: readonly string[]): Promise<void>;

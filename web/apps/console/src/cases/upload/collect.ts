/** One file to push, named by its path within what was chosen. */
export interface ChosenFile {
  readonly name: string;
  readonly content: File;
}

/** Made by operating systems in every folder; nobody wants to read of them in a list of refused files. */
const CLUTTER = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX\/.*|\._.*)$/i;

export function isClutter(path: string): boolean {
  return CLUTTER.test(path);
}

/** From an `<input type="file">`; `webkitRelativePath` is set when a folder was chosen. */
export function chosenFrom(files: Iterable<File>): ChosenFile[] {
  return [...files]
    .map((content) => ({ name: content.webkitRelativePath || content.name, content }))
    .filter(({ name }) => !isClutter(name));
}

function readEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

async function filesBelow(entry: FileSystemEntry): Promise<ChosenFile[]> {
  const name = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const content = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return isClutter(name) ? [] : [{ name, content }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: ChosenFile[] = [];
  // A browser gives at most a hundred entries at a time, and an empty list at the end.
  for (let batch = await readEntries(reader); batch.length > 0; batch = await readEntries(reader)) {
    for (const child of batch) found.push(...(await filesBelow(child)));
  }
  return found;
}

/** From a drop of files, zips or folders, at any depth. */
export async function droppedFrom(transfer: DataTransfer): Promise<ChosenFile[]> {
  // The entries must be taken before the first await: the transfer is emptied when the event ends.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found = await Promise.all(entries.map(filesBelow));
  return found.flat();
}

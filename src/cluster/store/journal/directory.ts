// What the journal needs from a disk: one directory of flat files. Small, so that tests can put a disk that tears writes,
// writes short or fails to sync behind it.

export interface Directory {
  /** Where it is, for messages. */
  readonly path: string;
  /** Takes the directory for this owner; rejects with LockedError while another has it. */
  lock(): Promise<DirectoryLock>;
  /** Names of the files, in no order. */
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Opens for appending; makes the file when it is not there. */
  append(name: string): Promise<AppendFile>;
  /** Cuts a file and makes the cut durable. */
  truncate(name: string, sizeBytes: number): Promise<void>;
  /** Replaces `to` when it is there. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Makes durable which files there are. */
  sync(): Promise<void>;
}

export interface DirectoryLock {
  release(): Promise<void>;
}

export interface AppendFile {
  readonly sizeBytes: number;
  /** Resolves with how many bytes were taken, which may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  /** Resolves when all bytes written so far survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Another process has the directory. */
export class LockedError extends Error {
  override readonly name = "LockedError";
  readonly pid: number;

  constructor(path: string, pid: number) {
    super(`process ${pid} has ${path} open`);
    this.pid = pid;
  }
}

export async function writeAll(file: AppendFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const taken = await file.write(done === 0 ? bytes : bytes.subarray(done));
    if (taken <= 0) throw new Error("the disk took no bytes");
    done += taken;
  }
}

// The folder below `.keelson` in which local services keep what survives them. It stands here, because the command `cluster` asks for it and has
// no use for the runtime.

export const DATA_FOLDER = "data";

// Loaded before each program of the scenario: when the starter is gone, however it went, the program goes too.

const end = (): void => void process.kill(process.pid, 'SIGTERM')

process.on('disconnect', end)
// A starter that was gone before the line above is not told of any more.
if (!process.connected) end()
// Listening must not keep the process alive.
process.channel?.unref()

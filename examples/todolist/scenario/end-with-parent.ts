// Loaded before each program of the scenario: when the starter is gone, however it went, the program goes too.

process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// Listening must not keep the process alive.
process.channel?.unref()

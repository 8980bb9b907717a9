// Mistakes in how the emulator is set up; each one names the option and says what to do.

/** An option of the emulator is wrong. */
export class EmulatorOptionsError extends Error {
  readonly code = 'invalid_option'
  /** The option, with the path inside it: `directory.users.0.id`. */
  readonly option: string

  constructor(option: string, problem: string) {
    super(`${option}: ${problem}`)
    this.name = 'EmulatorOptionsError'
    this.option = option
  }
}

/** A port that the emulator was told to use is taken. */
export class PortInUseError extends Error {
  readonly code = 'port_in_use'
  readonly option: 'port' | 'httpsPort'

  constructor(option: 'port' | 'httpsPort', port: number) {
    super(
      `${option}: port ${String(port)} of 127.0.0.1 is in use; stop the other process or choose another port`,
    )
    this.name = 'PortInUseError'
    this.option = option
  }
}

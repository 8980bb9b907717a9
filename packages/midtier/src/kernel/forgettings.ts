// The forgettings of this process, counted: what came before one and what after is known here whatever the clocks show.

/** How many there were. Whoever notes it can be told whether another one came since. */
export const forgettings = { count: 0 }

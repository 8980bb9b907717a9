// Files that a suite compares with stand beside the suite: the file that runs it here is in another folder, where there are none.
import { VitestSnapshotEnvironment } from 'vitest/runtime'

class BesideTheSuite extends VitestSnapshotEnvironment {
  resolveRawPath(_testPath, rawPath) {
    return super.resolveRawPath(globalThis.suiteUnderFault, rawPath)
  }
}

export default new BesideTheSuite()

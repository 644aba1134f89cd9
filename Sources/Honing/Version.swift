/// The version of daemon and command: the newest heading of the changelog.
public let honeVersion = "0.1.0"

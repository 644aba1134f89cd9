import Corpus
import FoundationEssentials

/// The folders of all model versions, each a Hugging Face folder that never changes.
///
/// ```
/// versions/0001, 0002 …   files nobody may write, and manifest.json with their SHA-256
/// staging/                what is being taken in
/// unregistered/           complete versions that the database does not know
/// ```
/// A version is written in `staging`, seen through to the disk file by file, and renamed into its
/// place; only then is its row written. So a power cut leaves a version with its row, or a folder
/// without one, which `sweepOrphans` clears away.
public struct ModelRegistry: Sendable {
    public let root: String

    /// Opens a registry, or makes an empty one.
    public init(root: String) throws {
        self.root = root
        for folder in [root, staging, versions] {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw StoreError.io(path: folder, operation: "making the model registry", cause: "\(error)")
            }
        }
    }

    private var staging: String { root + "/staging" }
    private var versions: String { root + "/versions" }
    private var unregistered: String { root + "/unregistered" }

    /// Where the files of a version lie.
    public func directory(of version: Int) -> String {
        let digits = String(version)
        return versions + "/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    // MARK: Taking in

    /// Copies a model folder into the staging directory: its `.safetensors`, `.json` and `.txt` files,
    /// also those in folders below it. Other formats of the same weights stay behind, and hidden files.
    ///
    /// - Throws: `StoreError.unusableFolder` where the folder holds no `model.safetensors`, whole
    ///   or in parts.
    public func stage(copying folder: String) throws -> StagedVersion {
        let names = try ModelFolder(path: folder).files()
        let target = try stagingDirectory()
        do {
            guard let lock = try DirectoryLock(target) else {
                throw StoreError.io(
                    path: target, operation: "staging a model", cause: "somebody else locked it")
            }
            var folders: Set = [target]
            for name in names {
                let path = target + "/" + name
                let parent = DurableFiles.parent(of: path)
                if folders.insert(parent).inserted {
                    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                }
                try DurableFiles.copy(folder + "/" + name, to: path)
            }
            let manifest = try Manifest(of: names, in: target)
            try DurableFiles.write(try manifest.encoded(), to: target + "/" + Manifest.name)
            for folder in folders.sorted().reversed() { try DurableFiles.synchronize(directory: folder) }
            return StagedVersion(path: target, checksum: manifest.checksum ?? "", lock: lock)
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            throw error
        }
    }

    /// A new, empty folder in the staging directory.
    private func stagingDirectory() throws -> String {
        let path = staging + "/" + UUID().uuidString.lowercased()
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        } catch {
            throw FileSystem.isExhausted(at: staging)
                ? StoreError.diskFull(path: path, operation: "staging a model")
                : StoreError.io(path: path, operation: "staging a model", cause: "\(error)")
        }
        return path
    }

    /// Moves a staged version into its place. Only `Database.register` calls this: it holds the
    /// write lock, under which no other version can be on its way to the same number.
    func commit(_ staged: StagedVersion, as version: Int) throws {
        let target = directory(of: version)
        if FileManager.default.fileExists(atPath: target) { try setAside(target) }
        try DurableFiles.move(staged.path, to: target)
    }

    // MARK: Looking after

    /// Reads every file of a version and compares it with the manifest.
    ///
    /// - Returns: the SHA-256 of the weights.
    /// - Throws: `StoreError.damagedVersion` at the first file that differs by so much as a bit.
    @discardableResult
    public func verify(_ version: Int) throws -> String {
        let folder = directory(of: version)
        guard FileManager.default.fileExists(atPath: folder) else {
            throw StoreError.damagedVersion(version, file: folder, cause: "is missing")
        }
        let manifest = try Manifest(ofVersion: version, in: folder)
        try manifest.verify(version: version, in: folder)
        return manifest.checksum ?? ""
    }

    /// Clears away what a crash left behind: staged folders that nobody is filling any more are
    /// deleted, and version folders that the database does not know move to `unregistered`.
    ///
    /// A complete version is never deleted on a guess: many unknown ones mean that the database is
    /// older than the registry, perhaps restored from a backup. A folder that is just being
    /// registered is locked and stays.
    ///
    /// - Parameter known: the versions that the database knows.
    /// - Returns: the folders that were cleared away, by name.
    @discardableResult
    public func sweepOrphans(known: Set<Int>) throws -> [String] {
        var swept: [String] = []
        for name in try names(in: staging) {
            let path = staging + "/" + name
            guard try DirectoryLock(path) != nil else { continue }
            try removing(path) { try FileManager.default.removeItem(atPath: path) }
            swept.append("staging/" + name)
        }
        for name in try names(in: versions) {
            guard let version = Int(name), !known.contains(version) else { continue }
            guard try DirectoryLock(versions + "/" + name) != nil else { continue }
            try setAside(versions + "/" + name)
            swept.append("versions/" + name)
        }
        return swept
    }

    /// Deletes a version's files. They leave `versions` in one step: a crash in between leaves
    /// something for the next sweep.
    ///
    /// - Returns: whether there were any.
    func removeFolder(of version: Int) throws -> Bool {
        let folder = directory(of: version)
        guard FileManager.default.fileExists(atPath: folder) else { return false }
        let doomed = staging + "/" + UUID().uuidString.lowercased()
        try DurableFiles.move(folder, to: doomed)
        try removing(doomed) { try FileManager.default.removeItem(atPath: doomed) }
        return true
    }

    private func setAside(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: unregistered, withIntermediateDirectories: true)
        let name = path.split(separator: "/").last.map(String.init) ?? "version"
        try DurableFiles.move(path, to: unregistered + "/" + name + "-" + UUID().uuidString.lowercased())
    }

    private func names(in folder: String) throws -> [String] {
        try removing(folder) { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    }

    private func removing<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do { return try body() } catch {
            throw StoreError.io(path: path, operation: "clearing the model registry", cause: "\(error)")
        }
    }
}

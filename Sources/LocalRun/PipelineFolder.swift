import Core
import Foundation
import PipelineFile

/// The `pipelines/` folder of a working tree, as it is on disk now.
struct PipelineFolder {
    /// The top folder of the working tree.
    let root: String

    private static let filesMax = 200
    private static let depthMax = 4

    /// The file that a person means by a path, a pipeline's name, or nothing.
    func file(meantBy word: String?) throws -> String {
        let top = try paths().filter { $0.utf8.count { $0 == UInt8(ascii: "/") } == 1 }
        guard !top.isEmpty else { throw nothing }
        guard let word else {
            if top.count == 1 { return top[0] }
            if let main = top.first(where: { Self.stem($0) == "main" }) { return main }
            throw LocalRunError(
                "there are several pipelines",
                hint: "name one: \(top.map(Self.stem).joined(separator: ", "))"
            )
        }
        let candidates = [word, "pipelines/\(word)", "pipelines/\(word).yml"]
        if let path = top.first(where: { candidates.contains($0) || Self.stem($0) == word }) {
            return path
        }
        throw LocalRunError(
            "there is no pipeline '\(word)'",
            hint: "there are \(top.map(Self.stem).joined(separator: ", "))"
        )
    }

    /// What to say where there is no file at all.
    var nothing: LocalRunError {
        LocalRunError(
            "there is no pipeline file in \(root)/pipelines",
            hint: "the smallest is two keys, 'image' and 'steps', in pipelines/main.yml"
        )
    }

    /// Reads one file; all that is wrong with it comes as problems.
    func read(_ path: String) throws -> PipelineReading {
        readPipeline(try bytes(path), path: path)
    }

    /// The bytes of a file, and one more than a pipeline may have where there are too many.
    func bytes(_ path: String) throws -> Data {
        let place = path.utf8.first == UInt8(ascii: "/") ? path : "\(root)/\(path)"
        guard let handle = FileHandle(forReadingAtPath: place) else {
            throw LocalRunError("no file can be read at \(path)")
        }
        defer { try? handle.close() }
        do {
            return try handle.read(upToCount: pipelineBytesMax + 1) ?? Data()
        } catch {
            throw LocalRunError("\(path) cannot be read: \(error)")
        }
    }

    /// The files that jobs may use; those that cannot be read are said to be missing.
    func library() throws -> [String: Pipeline] { try whole().library }

    /// The files that jobs may use, and the paths of those that cannot be read.
    func whole() throws -> (library: [String: Pipeline], unreadable: Set<String>) {
        var library: [String: Pipeline] = [:]
        var unreadable: Set<String> = []
        for path in try paths() where path.utf8.count(where: { $0 == UInt8(ascii: "/") }) > 1 {
            switch try read(path) {
            case .pipeline(let pipeline): library[path] = pipeline
            case .problems: unreadable.insert(path)
            }
        }
        return (library, unreadable)
    }

    /// From the top of the working tree on, in order.
    func paths() throws -> [String] {
        var found: [String] = []
        var folders = [(path: "pipelines", depth: 0)]
        while let folder = folders.popLast() {
            let here = "\(root)/\(folder.path)"
            for name in (try? FileManager.default.contentsOfDirectory(atPath: here)) ?? [] {
                let path = "\(folder.path)/\(name)"
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(
                    atPath: "\(root)/\(path)",
                    isDirectory: &isFolder
                )
                if isFolder.boolValue, folder.depth < Self.depthMax {
                    folders.append((path, folder.depth + 1))
                } else if path.hasSuffix(".yml") || path.hasSuffix(".yaml") {
                    found.append(path)
                }
            }
            guard found.count <= Self.filesMax else {
                throw LocalRunError("there are more than \(Self.filesMax) files in pipelines/")
            }
        }
        return found.sorted()
    }

    private static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }
}

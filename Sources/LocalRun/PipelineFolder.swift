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
        guard !top.isEmpty else {
            throw LocalRunError(
                "there is no pipeline file in \(root)/pipelines",
                hint: "the smallest is two keys, 'image' and 'steps', in pipelines/main.yml"
            )
        }
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

    /// Reads one file; all that is wrong with it comes as problems.
    func read(_ path: String) throws -> PipelineReading {
        guard let handle = FileHandle(forReadingAtPath: "\(root)/\(path)") else {
            throw LocalRunError("\(path) cannot be read")
        }
        defer { try? handle.close() }
        let bytes = try handle.read(upToCount: pipelineBytesMax + 1) ?? Data()
        return readPipeline(bytes, path: path)
    }

    /// The files that jobs may use; those that cannot be read are said to be missing.
    func library() throws -> [String: Pipeline] {
        var library: [String: Pipeline] = [:]
        for path in try paths() where path.utf8.count(where: { $0 == UInt8(ascii: "/") }) > 1 {
            guard case .pipeline(let pipeline) = try read(path) else { continue }
            library[path] = pipeline
        }
        return library
    }

    /// From the top of the working tree on, in order.
    private func paths() throws -> [String] {
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

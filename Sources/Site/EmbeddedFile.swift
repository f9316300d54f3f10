import CAssets

/// A file that travels inside the binary.
package struct EmbeddedFile: Equatable, Sendable {
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Templates, stylesheet, script and icon.
    package static var assets: [EmbeddedFile] { list(slipway_assets()) }

    /// The Python package that nodes import, by path inside the package.
    package static var pythonClient: [EmbeddedFile] { list(slipway_python_client()) }

    private static func list(_ first: UnsafePointer<slipway_file>?) -> [EmbeddedFile] {
        var files: [EmbeddedFile] = []
        var next = first
        while let file = next, let name = file.pointee.name, let text = file.pointee.text {
            files.append(
                EmbeddedFile(
                    name: String(cString: name),
                    bytes: Array(String(cString: text).utf8)
                )
            )
            next = file.advanced(by: 1)
        }
        return files
    }
}

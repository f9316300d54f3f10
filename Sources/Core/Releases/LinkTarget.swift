/// The decision whether a symbolic link of a release stays inside the release.
package enum LinkTarget {
    /// In bytes.
    package static let lengthMax = 1024
    /// What is wrong with a target of more bytes than that.
    package static let lengthFault = "its target is longer than \(lengthMax) bytes"

    /// What is wrong with the target, or nil where the link may be published.
    ///
    /// A target may climb only at its beginning. `link/../x` climbs from wherever `link` leads,
    /// which the text does not show; with climbing first, every step up starts from a real folder
    /// of the release, and so no chain of links can leave it.
    package static func fault(in target: [UInt8], of path: ReleasePath) -> String? {
        if target.isEmpty { return "its target is empty" }
        if target.count > lengthMax { return lengthFault }
        if target.contains(0) { return "its target holds a NUL byte" }
        if target.first == ReleasePath.slash { return "its target is absolute" }
        var climbed = 0
        var hasDescended = false
        for component in target.split(separator: ReleasePath.slash) {
            if component.elementsEqual(".".utf8) { continue }
            guard component.elementsEqual("..".utf8) else {
                hasDescended = true
                continue
            }
            if hasDescended { return "its target has '..' after a name; put the '..' first" }
            climbed += 1
        }
        return climbed > path.depth ? "its target lies outside the release" : nil
    }
}

import Core

import struct Foundation.Date

extension ManualForm {
    /// - Parameters:
    ///   - place: Of the form on its page, which makes the names of its elements unique.
    ///   - repository: Its name.
    ///   - isOpen: Whether it is shown whole.
    /// - Returns: What the template puts in.
    func fields(_ place: Int, of repository: String, isOpen: Bool) -> Fields {
        [
            "pipeline": pipeline,
            "path": Link.startManualBuild(repository: repository).path,
            "place": place,
            "ref": ref,
            "open": isOpen || hasComplaints ? " open" as Markup : "",
            "fields": fields.enumerated().map { index, field in
                field.fields(id: "in-\(place)-\(index)")
            },
        ]
    }
}

extension ManualForm.Field {
    fileprivate func fields(id: String) -> Fields {
        [
            "id": id,
            "name": name,
            "note": note,
            "control": control(id: id),
            "complaint": complaint,
        ]
    }

    private var note: String? {
        let notes = [description, isRequired ? "required" : nil].compactMap(\.self)
        return notes.isEmpty ? nil : notes.joined(separator: ", ")
    }

    private func control(id: String) -> Markup {
        let attributes: Markup = """
            id="\(id)" name="input.\(name)"\(complaint == nil ? "" : wrong(id))
            """
        return switch type {
        case .text:
            "<input \(attributes) value=\"\(value)\" autocomplete=\"off\">"
        case .number:
            """
            <input \(attributes) value="\(value)" inputmode="decimal" autocomplete="off">
            """
        case .flag:
            """
            <input type="checkbox" \(attributes) value="true"\(value == "true" ? " checked" : "")>
            """
        case .choice:
            "<select \(attributes)>\(choices)</select>"
        }
    }

    private func wrong(_ id: String) -> Markup {
        " aria-invalid=\"true\" aria-describedby=\"\(id)-wrong\""
    }

    private var choices: Markup {
        options.map { option -> Markup in
            let mark: Markup = option == value ? " selected" : ""
            return "<option value=\"\(option)\"\(mark)>\(option)</option>"
        }.joined()
    }
}

extension ScheduleLine {
    func fields(now: Date) -> Fields {
        let zone: Markup = timezone == "UTC" ? "" : " in \(code: timezone)"
        let only: Markup = isOnlyIfChanged ? ", only if changed" : ""
        return [
            "pipeline": pipeline,
            "detail": "\(code: cron)\(zone)\(only)" as Markup,
            "next": Markup.time(nextAt, .when, now: now),
        ]
    }
}

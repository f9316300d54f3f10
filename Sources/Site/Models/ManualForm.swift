package import Core

package import struct Foundation.Date

/// The form that starts one pipeline with the inputs it asks for.
package struct ManualForm: Equatable, Sendable {
    /// One input, with what was given for it.
    package struct Field: Equatable, Sendable {
        package var name: String
        package var type: InputType
        /// Of a choice.
        package var options: [String]
        package var isRequired: Bool
        package var description: String?
        /// What stands in it: the default, or what was sent.
        package var value: String
        /// What is wrong with it.
        package var complaint: String?

        package init(
            name: String,
            type: InputType,
            options: [String] = [],
            isRequired: Bool = false,
            description: String? = nil,
            value: String = "",
            complaint: String? = nil
        ) {
            self.name = name
            self.type = type
            self.options = options
            self.isRequired = isRequired
            self.description = description
            self.value = value
            self.complaint = complaint
        }
    }

    package var pipeline: String
    package var ref: String
    package var fields: [Field]

    package init(pipeline: String, ref: String, fields: [Field]) {
        self.pipeline = pipeline
        self.ref = ref
        self.fields = fields
    }

    package var hasComplaints: Bool { fields.contains { $0.complaint != nil } }
}

/// A time at which a pipeline starts by itself.
package struct ScheduleLine: Equatable, Sendable {
    package var pipeline: String
    package var cron: String
    package var timezone: String
    package var isOnlyIfChanged: Bool
    package var nextAt: Date

    package init(
        pipeline: String,
        cron: String,
        timezone: String,
        isOnlyIfChanged: Bool,
        nextAt: Date
    ) {
        self.pipeline = pipeline
        self.cron = cron
        self.timezone = timezone
        self.isOnlyIfChanged = isOnlyIfChanged
        self.nextAt = nextAt
    }
}

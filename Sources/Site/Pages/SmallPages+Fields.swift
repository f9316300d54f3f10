extension LoginPage {
    func content() -> Content {
        Content(
            template: "login",
            fields: ["next": next, "problem": problem, "loginPath": Link.login.path]
        )
    }
}

extension ErrorPage {
    func content() -> Content {
        Content(
            template: "error",
            fields: [
                "status": status,
                "heading": heading,
                "detail": stopped(detail),
                "advice": advice.map(stopped),
                "reference": reference,
            ]
        )
    }

    /// What the status means to a person.
    var heading: String {
        switch status {
        case 400: "That request makes no sense"
        case 401: "Please sign in"
        case 403: "You may not do that"
        case 404: "Nothing is here"
        case 405: "Not this way"
        case 409: "Somebody was faster"
        case 412: "The page is out of date"
        case 413: "That is too large"
        case 429: "Too much at once"
        case 503: "Not ready yet"
        case 500...599: "Something broke on our side"
        case _: "That did not work"
        }
    }
}

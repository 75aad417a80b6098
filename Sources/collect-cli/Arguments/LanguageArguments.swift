import ArgumentParser
import Platform
import Report

/// In which language pages and summaries are written.
struct LanguageArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Language of report and summary: en or zh-CN (default: that of the locale).", valueName: "language"))
    var lang: LanguageName?

    var chosen: Language { lang?.language ?? Language.preferred { environment($0) } }
}

/// `en`, `zh-CN`, or how else they are named.
struct LanguageName: ExpressibleByArgument {
    let language: Language

    init?(argument: String) {
        guard let language = Language(name: argument) else { return nil }
        self.language = language
    }
}

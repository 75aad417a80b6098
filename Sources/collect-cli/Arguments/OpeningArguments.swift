import ArgumentParser
import Collect
import SupportBundle

/// How an encrypted bundle is opened.
struct OpeningArguments: ParsableArguments {
    @Option(
        name: [.customShort("i"), .long],
        help: ArgumentHelp("Private key: an identity file of age, or an SSH key.", valueName: "file"))
    var identity: [String] = []

    func identities() throws -> [AgeIdentity] {
        var all: [AgeIdentity] = []
        for file in identity { all += try AgeIdentity.list(file: InputFiles.privateKey(file), name: file) }
        return all
    }
}

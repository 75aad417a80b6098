import FlyingFox
import Foundation

extension ManagementAPI {
    /// Everything below `…/keystores`.
    func keystores(_ path: [String]) -> HTTPResponse {
        guard let wanted = path.first else { return Answer.json(world.stores.map(\.name)) }
        guard let store = world.store(named: wanted) else {
            return Answer.error("messaging.config.beans.KeyStoreDoesNotExist", "KeyStore \(wanted) does not exist")
        }
        switch path.dropFirst().first {
        case nil:
            return Answer.json(
                [
                    "aliases": store.aliases.map { alias in
                        let entry = ["aliasName": alias.name, "cert": certificateName(alias.name)]
                        return alias.hasKey ? entry.merging(["key": "\(alias.name)-key"]) { $1 } : entry
                    },
                    "certs": store.aliases.map { certificateName($0.name) },
                    "keys": store.aliases.filter(\.hasKey).map(\.name), "name": store.name,
                ] as [String: Any])
        case "certs": return certificates(of: store, Array(path.dropFirst(2)))
        case "aliases": return aliases(of: store, Array(path.dropFirst(2)))
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func certificateName(_ alias: String) -> String { "\(alias)-cert" }

    private func certificates(of store: EdgeWorld.Store, _ path: [String]) -> HTTPResponse {
        guard let wanted = path.first else { return Answer.json(store.aliases.map { certificateName($0.name) }) }
        guard let alias = store.aliases.first(where: { certificateName($0.name) == wanted }) else {
            return Answer.error(
                "messaging.config.beans.CertificateDoesNotExist", "Certificate \(wanted) does not exist")
        }
        switch path.dropFirst().first {
        case nil: return Answer.json(certificateInfo(alias.name, alias.chain))
        case "export": return Answer.text(alias.chain.map(\.pem).joined(), type: "text/plain")
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }

    private func certificateInfo(_ alias: String, _ chain: [Certificate]) -> [String: Any] {
        ["certInfo": chain.map(\.certInfo), "certName": certificateName(alias)]
    }

    private func aliases(of store: EdgeWorld.Store, _ path: [String]) -> HTTPResponse {
        guard let wanted = path.first else { return Answer.json(store.aliases.map(\.name)) }
        guard let alias = store.aliases.first(where: { $0.name == wanted }) else {
            return Answer.error("messaging.config.beans.AliasDoesNotExist", "Alias \(wanted) does not exist")
        }
        switch path.dropFirst().first {
        case nil:
            var answer: [String: Any] = ["alias": alias.name, "certsInfo": certificateInfo(alias.name, alias.chain)]
            if alias.hasKey { answer["keyName"] = "\(alias.name)-key" }
            return Answer.json(answer)
        case "certificate": return Answer.text(alias.chain.map(\.pem).joined(), type: "text/plain")
        default: return Answer.error("rest.UnknownResource", "Unknown resource")
        }
    }
}

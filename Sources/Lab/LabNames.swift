/// The names of one lab's customer, new in every run.
struct LabNames: Sendable {
    let company: String
    let org: String
    let env: String
    let api: String
    let revision: String
    let keystore: String
    let truststore: String
    let keystoreReference: String
    let truststoreReference: String
    let targetServer: String
    let keyAlias: String
    let routerHost: String
    let region = "dc-1"
    let pod = "gateway"
    let virtualHost = "default"
    let basePath = "/v1/orders"

    init() {
        company = RandomValues.word(syllables: 4)
        org = "\(company)-\(RandomValues.string(4, of: RandomValues.digits))"
        env = ["prod", "uat", "test"].randomElement() ?? "prod"
        api = "orders-\(RandomValues.word())"
        revision = String(Int.random(in: 3...40))
        // Names of keystores are letters and digits only (Edge API, keystores).
        keystore = RandomValues.capitalized(RandomValues.word()) + "Keystore"
        truststore = RandomValues.capitalized(RandomValues.word()) + "Truststore"
        keystoreReference = "\(RandomValues.word())-keystore-ref"
        truststoreReference = "\(RandomValues.word())-truststore-ref"
        targetServer = "orders-backend-\(RandomValues.word(syllables: 2))"
        keyAlias = "\(company)-client-\(RandomValues.string(4, of: RandomValues.digits))"
        routerHost = "rrt" + RandomValues.string(5, of: RandomValues.hex)
    }
}

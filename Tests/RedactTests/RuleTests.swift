import Redact
import Testing

@Suite struct RuleTests {
    @Test func everyExampleOfTheBuiltInRulesHolds() throws {
        let failures = try RuleSet.builtIn().selfTest()
        #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))")
    }
}

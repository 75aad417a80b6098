/// The members of a JSON object, in the order in which they were written.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
    public typealias Member = (key: String, value: JSONValue)

    /// The members in order; each key once.
    public private(set) var members: [Member] = []
    /// Place of each key, kept only where a walk over the members would be slow.
    private var places: [String: Int] = [:]
    private static let walkable = 8

    public init() {}

    /// Of equal keys the last value is kept, at the place of the first.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

    public var keys: [String] { members.map(\.key) }
    public var values: [JSONValue] { members.map(\.value) }
    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }

    /// The value of a key. Setting nil removes the member.
    public subscript(_ key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let index?, let value?):
                members[index].value = value
            case (nil, let value?):
                members.append((key, value))
                noteLastPlace()
            case (let index?, nil):
                members.remove(at: index)
                rebuildPlaces()
            case (nil, nil):
                break
            }
        }
    }

    private func place(of key: String) -> Int? {
        if members.count <= Self.walkable { return members.firstIndex { $0.key == key } }
        return places[key]
    }

    private mutating func noteLastPlace() {
        if members.count == Self.walkable + 1 {
            rebuildPlaces()
        } else if members.count > Self.walkable + 1 {
            places[members[members.count - 1].key] = members.count - 1
        }
    }

    private mutating func rebuildPlaces() {
        places.removeAll(keepingCapacity: true)
        guard members.count > Self.walkable else { return }
        for (index, member) in members.enumerated() { places[member.key] = index }
    }
}

extension JSONObject: Equatable {
    /// Order doesn't matter.
    public static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.count == b.count && a.members.allSatisfy { b[$0.key] == $0.value }
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }
    public subscript(position: Int) -> Member { members[position] }
}

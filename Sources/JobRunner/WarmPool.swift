import Core
import Synchronization

/// Berths without a job, each with a started and never used container.
///
/// It only keeps account; the runner makes and removes the berths.
final class WarmPool: Sendable {
    private struct Place {
        var image: ReadyImage
        var usedAt: Moment
        /// Nil while the container is being made, or after it was taken.
        var berth: BerthFolder?
    }

    /// What has to be done to have what is wished.
    struct Work {
        var make: [ReadyImage] = []
        var drop: [BerthFolder] = []
    }

    private let settings: JobRunnerSettings
    private let places = Mutex<[ImageSource: Place]>([:])
    let wishes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(settings: JobRunnerSettings) {
        self.settings = settings
        (wishes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many berths wait.
    var count: Int { places.withLock { $0.values.count { $0.berth != nil } } }

    /// Notes that an image was used, so that another container of it may soon be wanted.
    func wish(for image: ReadyImage) {
        guard settings.warmImagesMax > 0 else { return }
        places.withLock { places in
            let berth = places[image.source]?.berth
            places[image.source] = Place(image: image, usedAt: .now, berth: berth)
        }
        wake.yield()
    }

    /// Takes the berth that is ready for an image.
    func take(_ image: ImageSource) -> BerthFolder? {
        places.withLock { places in
            let berth = places[image]?.berth
            places[image]?.berth = nil
            places[image]?.usedAt = .now
            return berth
        }
    }

    /// What is missing and what is too much, the drops already forgotten.
    func work() -> Work {
        places.withLock { places in
            var work = Work()
            let byUse = places.sorted { $0.value.usedAt > $1.value.usedAt }
            for (index, (source, place)) in byUse.enumerated() {
                let isIdle = place.usedAt.age > settings.warmIdleMax * 1_000
                if index >= settings.warmImagesMax || isIdle {
                    places[source] = nil
                    if let berth = place.berth { work.drop.append(berth) }
                } else if place.berth == nil {
                    work.make.append(place.image)
                }
            }
            return work
        }
    }

    /// Puts a new berth in its place; false when nobody wants it any more.
    func put(_ berth: BerthFolder, for image: ReadyImage) -> Bool {
        places.withLock { places in
            guard places[image.source]?.image == image, places[image.source]?.berth == nil else {
                return false
            }
            places[image.source]?.berth = berth
            return true
        }
    }

    /// Forgets an image whose container could not be made.
    func forget(_ image: ReadyImage) { places.withLock { $0[image.source] = nil } }

    /// All berths that wait, forgotten at once.
    func takeAll() -> [BerthFolder] {
        places.withLock { places in
            defer { places = [:] }
            return places.values.compactMap(\.berth)
        }
    }
}

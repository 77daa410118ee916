"""Every error this program raises on purpose.

    FormTallyError
    ├── UsageError                 wrong command line or settings          exit 1
    │   └── TemplateError          a template file does not say what it should
    ├── InputError                 one input could not be read             exit 2
    │   ├── NotFoundError          no such file, or not readable
    │   ├── OutsideFolderError     a link that leads out of its folder
    │   ├── UnknownTypeError       neither PDF nor PNG, JPEG, TIFF by content
    │   ├── WrongSuffixError       (a warning in the document) the name says another type than the content
    │   ├── EmptyInputError        zero bytes
    │   ├── NoPagesError           a document without pages
    │   ├── EncryptedError         needs a password
    │   ├── DamagedError           cannot be decoded
    │   ├── TooManyPagesError      over the limit of pages
    │   ├── TooLargeError          over the limit of pixels or bytes
    │   ├── TooSlowError           over the limit of time
    │   ├── TooHungryError         over the limit of memory
    │   ├── PageLostError          the worker died over this page, twice
    │   └── PageUnreadableError    reading failed for a reason nobody foresaw
    ├── InstallationError          a part is missing or damaged            exit 3
    ├── OutputError                results could not be written            exit 4
    ├── ReviewError                what a reviewer wants is not possible    exit 1
    │   ├── NotSettledError        something on the form still waits for a person
    │   ├── SamePersonError        approving needs somebody else
    │   ├── TakenError             somebody else works on the form
    │   ├── KeyedFirstError        two people must key a field before anything reads it to one
    │   ├── NothingToUndoError     nothing was done, or something else since
    │   └── PagesNotKeptError      what was read on the pages is not there any more
    ├── StoreError                 the archive cannot be read or written   exit 4
    │   ├── StoreFullError         no room left
    │   ├── StoreReadOnlyError     may not be written
    │   ├── StoreDamagedError      not what was written
    │   ├── StoreNewerError        made by a newer program
    │   ├── StoreUnreachableError  disk or server is not there
    │   ├── StoreBusyError         held by another program
    │   └── StaleVersionError      somebody else changed the record first
    ├── AccessError                who may do what                         exit 1
    │   ├── NotLoggedInError       nobody has shown who he is
    │   ├── ForbiddenError         the role has no such right
    │   ├── LoginThrottledError    too many tries to log in
    │   ├── WrongPasswordError     name and password do not go together
    │   ├── WeakPasswordError      a new password that is easily guessed
    │   ├── InvitationError        used, expired or none
    │   ├── UserNameError          cannot be a name
    │   ├── UserExistsError        the name is taken
    │   ├── UserUnknownError       there is no such user
    │   ├── UserDisabledError      may not log in, so needs no invitation or token
    │   ├── LastAdministratorError nobody would be left to manage users
    │   └── TooManyError           a user has as many tokens or webhooks as he may
    ├── RequestError               a request over HTTP is not granted      exit 1
    │   ├── RequestInvalidError    does not say what it should
    │   ├── HostUnknownError       names a host that is not this service
    │   ├── CrossSiteError         a page of another site may have made it
    │   ├── NotThereError          nothing there that this user may see
    │   ├── MethodError            the address knows no such method
    │   ├── NotReadYetError        the document has no record as yet
    │   ├── BodyTooLargeError      more bytes than a request may have
    │   ├── VersionMissingError    does not say which version it changes
    │   ├── RetryLaterError        too much of something just now
    │   │   ├── QueueFullError     uploads that wait to be read
    │   │   ├── QuotaUsedError     documents of one user in a day
    │   │   └── TooBusyError       requests of this kind
    │   └── ServiceFaultError      a fault of ours
    └── ServiceError               a service gave no record                exit 4
        ├── ServiceUnreachableError  nobody answers there
        └── ServiceAnswerError     what answers is no FormTally, or a faulty one

Each has a stable ``code`` and says what to do next. One place a door turns them into an exit code or a reply.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the command line answers with."""

    OK = 0
    USAGE = 1
    INPUT = 2
    INSTALLATION = 3
    OUTPUT = 4
    INTERRUPTED = 130


class FormTallyError(Exception):
    """Root of the tree. ``str(error)`` is one sentence of what happened and one of what to do."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[ExitCode] = ExitCode.USAGE

    def __init__(self, what: str, remedy: str) -> None:
        """Keep both sentences."""
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class UsageError(FormTallyError):
    """Wrong command line or settings."""

    code = "usage"


class TemplateError(UsageError):
    """A template file has faults; ``faults`` holds all of them, each with file, line and path."""

    code = "template_invalid"

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Join all faults into one message."""
        super().__init__("\n".join(faults), "Correct these places and run `formtally template check` again.")
        self.faults = faults


class InputError(FormTallyError):
    """One input, or one page of it, could not be read; others go on."""

    code = "input"
    exit_code = ExitCode.INPUT


class NotFoundError(InputError):
    """No such file, or no right to read it."""

    code = "input_not_found"


class OutsideFolderError(InputError):
    """A symbolic link leads out of the folder that was given."""

    code = "input_outside_folder"


class UnknownTypeError(InputError):
    """The content is neither PDF nor a supported image."""

    code = "input_unknown_type"


class WrongSuffixError(InputError):
    """The name says one type, the content another; it was read by its content."""

    code = "input_wrong_suffix"


class EmptyInputError(InputError):
    """Zero bytes."""

    code = "input_empty"


class NoPagesError(InputError):
    """A document without pages."""

    code = "input_no_pages"


class EncryptedError(InputError):
    """A password is needed."""

    code = "input_encrypted"


class DamagedError(InputError):
    """The content cannot be decoded."""

    code = "input_damaged"


class TooManyPagesError(InputError):
    """More pages than the limit."""

    code = "input_too_many_pages"


class TooLargeError(InputError):
    """More pixels or bytes than the limit."""

    code = "input_too_large"


class TooSlowError(InputError):
    """More time than the limit."""

    code = "input_too_slow"


class TooHungryError(InputError):
    """More memory than the limit."""

    code = "input_too_hungry"


class PageLostError(InputError):
    """The worker died over this page, twice."""

    code = "page_lost"


class PageUnreadableError(InputError):
    """Reading failed for a reason nobody foresaw; the trace stands on stderr."""

    code = "page_unreadable"


class InstallationError(FormTallyError):
    """A part of the installation is missing or damaged."""

    code = "installation"
    exit_code = ExitCode.INSTALLATION


class OutputError(FormTallyError):
    """Results could not be written."""

    code = "output"
    exit_code = ExitCode.OUTPUT


class ReviewError(FormTallyError):
    """What a reviewer wants is not possible as things stand; nothing was changed."""

    code = "review"


class NotSettledError(ReviewError):
    """Something on the form still waits for a person."""

    code = "review_not_settled"


class SamePersonError(ReviewError):
    """Approving needs another person than those who changed the form."""

    code = "review_same_person"


class TakenError(ReviewError):
    """Somebody else works on the form."""

    code = "review_taken"


class KeyedFirstError(ReviewError):
    """Two people must key what stands there before it is read to anybody."""

    code = "review_keyed_first"


class NothingToUndoError(ReviewError):
    """There is nothing to undo, or something else was done since."""

    code = "review_nothing_to_undo"


class PagesNotKeptError(ReviewError):
    """What was read on the pages is not there any more, or does not make the forms that stand."""

    code = "review_pages_not_kept"


class StoreError(FormTallyError):
    """The archive cannot be read or written; what was stored before stands."""

    code = "store"
    exit_code = ExitCode.OUTPUT


class StoreFullError(StoreError):
    """No room left."""

    code = "store_full"


class StoreReadOnlyError(StoreError):
    """May not be written."""

    code = "store_read_only"


class StoreDamagedError(StoreError):
    """Not what was written: the disk, or somebody, changed it."""

    code = "store_damaged"


class StoreNewerError(StoreError):
    """Made by a newer program, whose tables this one does not know."""

    code = "store_newer"


class StoreUnreachableError(StoreError):
    """The disk or the server is not there."""

    code = "store_unreachable"


class StoreBusyError(StoreError):
    """Another program holds it for too long."""

    code = "store_busy"


class StaleVersionError(StoreError):
    """Somebody else changed the record since it was read."""

    code = "store_stale"


class AccessError(FormTallyError):
    """Who may do what; nothing was changed."""

    code = "access"


class NotLoggedInError(AccessError):
    """Nobody has shown who he is."""

    code = "not_logged_in"


class ForbiddenError(AccessError):
    """The role has no such right."""

    code = "forbidden"


class LoginThrottledError(AccessError):
    """Too many tries to log in; ``seconds`` says when the next one is heard, a whole number from 1."""

    code = "login_throttled"

    def __init__(self, seconds: int) -> None:
        """Say how long to wait."""
        super().__init__("There were too many tries to log in.", f"Wait {seconds} s, then try again.")
        self.seconds = seconds


class WrongPasswordError(AccessError):
    """Name and password do not go together; it does not say which of them is wrong."""

    code = "wrong_password"


class WeakPasswordError(AccessError):
    """A new password that is easily guessed, or cannot be kept."""

    code = "weak_password"


class InvitationError(AccessError):
    """An invitation that was used, has expired or never was."""

    code = "invitation_invalid"


class UserNameError(AccessError):
    """It cannot be the name of a user."""

    code = "user_name_invalid"


class UserExistsError(AccessError):
    """The name, or one that differs only by case or width of letters, is taken."""

    code = "user_exists"


class UserUnknownError(AccessError):
    """There is no such user."""

    code = "user_unknown"


class UserDisabledError(AccessError):
    """The user may not log in, so that no invitation or token is made."""

    code = "user_disabled"


class LastAdministratorError(AccessError):
    """Nobody would be left to manage users."""

    code = "last_administrator"


class TooManyError(AccessError):
    """The user has as many tokens or webhooks as one may have."""

    code = "too_many"


class RequestError(FormTallyError):
    """A request over HTTP is not granted; nothing was changed."""

    code = "request"


class RequestInvalidError(RequestError):
    """The request does not say what it should."""

    code = "request_invalid"


class HostUnknownError(RequestError):
    """The request names a host that is not this service: a foreign name may lead here."""

    code = "host_unknown"


class CrossSiteError(RequestError):
    """A page of another site may have made the request."""

    code = "cross_site"


class NotThereError(RequestError):
    """There is no such address, or nothing there that this user may see."""

    code = "not_there"


class MethodError(RequestError):
    """The address knows no such method."""

    code = "method_not_allowed"


class NotReadYetError(RequestError):
    """The document has no record as yet."""

    code = "not_read_yet"


class BodyTooLargeError(RequestError):
    """The request has more bytes than it may."""

    code = "body_too_large"


class VersionMissingError(RequestError):
    """The request does not say which version of the record it changes."""

    code = "version_missing"


class RetryLaterError(RequestError):
    """There is too much of something just now; ``seconds`` says when to ask again."""

    code = "retry_later"

    def __init__(self, what: str, remedy: str, seconds: int) -> None:
        """Keep both sentences, and the time to wait."""
        super().__init__(what, remedy)
        self.seconds = seconds


class QueueFullError(RetryLaterError):
    """Too many uploads wait to be read."""

    code = "queue_full"


class QuotaUsedError(RetryLaterError):
    """The user has uploaded as many documents as a day allows."""

    code = "quota_used"


class TooBusyError(RetryLaterError):
    """Too many requests of this kind are under way."""

    code = "too_busy"


class ServiceFaultError(RequestError):
    """A fault of ours that nobody foresaw; its trace is in the log."""

    code = "service_fault"


class ServiceError(FormTallyError):
    """A service that scans were sent to gave no record; what it has accepted it keeps."""

    code = "service"
    exit_code = ExitCode.OUTPUT


class ServiceUnreachableError(ServiceError):
    """Nobody answers there."""

    code = "service_unreachable"


class ServiceAnswerError(ServiceError):
    """What answers is no FormTally, or a faulty one."""

    code = "service_answer"

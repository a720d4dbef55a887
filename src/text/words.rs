//! The catalogue: each text by its name, in English. `{blanks}` are filled, `|` parts the forms for one and for many.
//! `first` is loaded with the sign-in page, `rest` with the console. It must not hold markup.

macro_rules! words {
    (
        first { $($first:ident = $first_text:literal;)* }
        rest { $($rest:ident = $rest_text:literal;)* }
    ) => {
        /// The name of a text. As a number it is the text's place in the table of another language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the English text beside each name says what it is")]
        pub enum Word { $($first,)* $($rest,)* }

        pub(super) const FIRST: &[&str] = &[$($first_text),*];
        pub(super) const REST: &[&str] = &[$($rest_text),*];
    };
}

words! {
    first {
        // The frame.
        Curfew = "Curfew";
        Tagline = "Ends active APM access sessions on BIG-IP devices through BIG-IQ.";
        NotF5 = "Curfew is not a product of F5. F5, BIG-IP and BIG-IQ are trademarks of F5, Inc.";
        TitleOf = "{page} · {app}";
        SignOut = "Sign out";
        Retry = "Try again";
        ConsoleNotLoaded = "You are signed in, but the rest of Curfew could not be loaded";
        ConsoleNotLoadedHelp = "Nothing was sent. Either the connection to the server is down, so try again, or a new version of Curfew was installed meanwhile, so load the page again.";
        StoppedHeading = "This page has stopped working";
        StoppedBody = "Kills that were already sent go on at BIG-IQ. Load the page again and sign in: jobs of this tab are listed and watched on.";
        StoppedReload = "Load the page again";

        // Sign in.
        SignInTitle = "Sign in";
        SignInTo = "Sign in to {bigiq}";
        UserName = "User name";
        Password = "Password";
        Provider = "Sign-in provider";
        ProviderLocal = "BIG-IQ’s own users";
        SignIn = "Sign in";
        SigningIn = "Signing in";
        UserNameMissing = "Enter your BIG-IQ user name";
        PasswordMissing = "Enter your password";
        BadCredentials = "BIG-IQ does not accept this user name and password";
        BadCredentialsHelp = "Check both, and the sign-in provider if there is a choice.";
        Starting = "BIG-IQ is still starting";
        StartingHelp = "Signing in may fail until it is ready. Try again in a minute.";
        NoWelcome = "The list of sign-in providers could not be read; only BIG-IQ’s own users can sign in.";
        OtherOperator = "The work on this page belongs to {operator}. Sign in as {operator}, or sign out first.";
        AgainTitle = "Sign in again";
        AgainBody = "BIG-IQ has ended the sign-in of {operator}. Nothing on this page is lost, and kills already sent go on at BIG-IQ.";
        BigiqToUse = "BIG-IQ";
        ByProxyHeading = "The proxy signs in for you";
        ByProxyBody = "BIG-IQ records every kill under the proxy’s service account, not under your name. Give your name with the reason.";
        ByProxyGo = "Continue";
        IdleEnded = "You were signed out because nobody used the page";
        IdleEndedHelp = "Kills that were sent go on at BIG-IQ; they are watched again once you sign in.";

        // In a frame of a page that is not on the list.
        FramedTitle = "Curfew may not be shown here";
        FramedBody = "Another page shows Curfew inside of it, and Curfew’s config.json does not allow that page. Open Curfew by itself instead.";

        // The configuration.
        ConfigTitle = "Curfew is not set up correctly";
        ConfigBody = "Its file config.json can’t be used. Whoever hosts Curfew has to correct it.";
        ConfigKey = "Key";
        ConfigValue = "Found";
        ConfigAccepts = "Accepted";
        AcceptsObject = "a JSON object";
        AcceptsList = "a list of at least one";
        AcceptsText = "a text that is not blank";
        AcceptsFlag = "true or false";
        AcceptsOneOf = "one of: {words}";
        AcceptsWhole = "a whole number from {least} to {most}";
        AcceptsPath = "empty, or a path such as /east, without a slash at its end";
        AcceptsOrigin = "an origin such as https://portal.example.test";

        // Errors.
        ErrNetwork = "No answer from BIG-IQ";
        ErrNetworkHelp = "The network, the proxy or BIG-IQ is down, or the connection was cut. Check that you are on the right network, then try again.";
        ErrTimeout = "No answer from BIG-IQ within {n} second|No answer from BIG-IQ within {n} seconds";
        ErrTimeoutHelp = "It may be busy. Try again.";
        ErrNotPermitted = "{operator} may not do this";
        ErrNotPermittedHelp = "BIG-IQ lets only the roles Access Manager and Administrator kill sessions. Ask whoever manages BIG-IQ’s roles.";
        ErrWrongAddress = "BIG-IQ saw another source address than at sign-in";
        ErrWrongAddressHelp = "Its tokens are bound to one address. The proxy in front of BIG-IQ must always use the same one: tell whoever runs it, then sign in again.";
        ErrNotRegistered = "BIG-IQ does not offer this now";
        ErrNotRegisteredHelp = "It is starting, or this version has no such service. Try again in a minute.";
        ErrNotFound = "BIG-IQ does not know this";
        ErrNotFoundHelp = "It may have been removed. Refresh, then try again.";
        ErrBusy = "BIG-IQ, or the proxy in front of it, asks to wait";
        ErrBusyHelp = "Too many requests were made. Try again in a moment.";
        ErrServer = "BIG-IQ, or the proxy in front of it, reports an error of its own (status {status})";
        ErrServerHelp = "Try again in a moment. If it persists, look at BIG-IQ’s own screens.";
        ErrInvalid = "BIG-IQ does not accept the request (status {status})";
        ErrInvalidHelp = "BIG-IQ’s own message says what is wrong.";
        ErrUnreadable = "The answer can’t be read";
        ErrUnreadableHelp = "It does not have the form of a BIG-IQ answer (at {place}: {reason}).";
        ErrUnreadableShort = "It does not have the form of a BIG-IQ answer.";
        ErrHtml = "A web page came instead of BIG-IQ’s answer";
        ErrHtmlHelp = "A proxy or a sign-in portal may be in between. Check the way to BIG-IQ, then try again.";
        ErrTooLarge = "The answer is too large to be read";
        ErrTooLargeHelp = "It is larger than any inventory needs. Check the way to BIG-IQ.";
        ErrSignIn = "The sign-in has ended";
        ErrSignInHelp = "Sign in again; nothing on this page is lost.";
        BigiqSays = "BIG-IQ says: “{message}”";
    }
    rest {
        // The frame.
        SkipToContent = "Skip to the content";
        MainNavigation = "Main";
        NavKill = "Kill sessions";
        NavJobs = "Jobs";
        NavDiagnostics = "Diagnostics";
        JobsRunning = "{n} running|{n} running";
        Theme = "Appearance";
        ThemeSystem = "As the system";
        ThemeLight = "Light";
        ThemeDark = "Dark";
        SignedInAs = "Signed in as {operator}";
        Close = "Close";
        Cancel = "Cancel";
        Back = "Back";
        Copy = "Copy";
        Copied = "Copied";
        CopyFailed = "The browser does not allow copying here: select the text and copy it by hand.";
        Remove = "Remove {name}";
        AndMore = "{names} and {n} more|{names} and {n} more";
        ThereIsAProblem = "There is a problem";
        NotFoundTitle = "No such page";
        NotFoundBody = "There is nothing at “{path}”.";
        NotFoundLink = "Go to the kill form";

        // Preferences and keys.
        Preferences = "Preferences";
        Language = "Language";
        LanguageEnglish = "English";
        LanguageFailed = "The texts of this language could not be loaded. The language stays as it is.";
        LanguageIs = "The language is English now";
        UseShortcuts = "Single-key shortcuts";
        UseShortcutsHint = "Switch them off where they get in the way of speech input or a screen reader.";
        Notify = "Notify me when kills end";
        NotifyHint = "Only while this tab is out of sight. The notification names no user and no device.";
        NotifyRefused = "The browser does not allow notifications here. Allow them for this page, then switch this on.";
        Shortcuts = "Keyboard shortcuts";
        ShortcutsOff = "The single-key shortcuts are switched off in the preferences.";
        ShortcutHelp = "Show these shortcuts";
        ShortcutSearch = "Go to the search field of the page";
        KeysMove = "Arrows, Page Up or Down, Home, End";
        ShortcutMove = "Move through a list or a row of tabs";
        KeysCheck = "Space";
        ShortcutCheck = "Choose the active row of a list, or take it out";
        KeysAll = "Ctrl+A";
        ShortcutAll = "Choose all shown rows of a list";
        KeysClose = "Esc";
        ShortcutClose = "Close a dialog without doing anything";
        TitleRunning = "{n} running: {title}|{n} running: {title}";
        TitleEnded = "Ended: {title}";
        TitleTrouble = "Trouble: {title}";
        NotifyEnded = "All kills of this tab have ended";
        NotifyTrouble = "A kill needs a look: it failed, or what became of it is unknown";

        // Sign in.
        StandbyHeading = "This BIG-IQ is a standby";
        StandbyBody = "It reports that it is not the active unit of its pair. Kills may be refused or have no effect: use the active BIG-IQ.";
        SignedInByProxy = "Signed in by the proxy";
        SignOutHeading = "Sign out?";
        SignOutUnsent = "{n} kill is not sent yet, and then never will be.|{n} kills are not sent yet, and then never will be.";
        SignOutUnsaved = "The record of {n} job is not saved as it stands.|The records of {n} jobs are not saved as they stand.";
        SignOutKept = "This tab keeps the jobs for you until it is closed. What BIG-IQ has accepted goes on.";
        SaveRecords = "Save records";
        IdleHeading = "Still there?";
        IdleBody = "You will be signed out in {n} second.|You will be signed out in {n} seconds.";
        IdleStay = "Stay signed in";

        // Diagnostics.
        DiagVersion = "Curfew {version}";
        DiagTime = "Time: {time}";
        DiagBrowser = "Browser: {browser}";
        DiagBigiq = "BIG-IQ: {name}";
        DiagConfig = "Configuration: {config}";
        DiagUnknownKeys = "Keys in config.json that Curfew does not know: {keys}";
        DiagInventory = "Inventory: {devices} devices, {clusters} clusters, {groups} access groups";
        DiagFailure = "Failed at {time}: {what}";
        DiagCheck = "Check this BIG-IQ";
        DiagCheckBody = "Sends BIG-IQ about ten requests that change nothing, on points that its documentation leaves open. The report holds the shape of the answers, never their content.";
        DiagCheckGo = "Run the check";
        DiagChecking = "Checking";
        DiagChecked = "The check is done";
        DiagReport = "Report";
        DiagReportBody = "It holds no token, password, user or device. Copy it when you report a difference.";

        // The kill page.
        KillTitle = "Kill sessions";
        Who = "Who";
        WhoseSessions = "Whose sessions";
        WhoUsers = "Users";
        WhoUsersHint = "All sessions of the users you name";
        WhoEverybody = "Everybody";
        WhoEverybodyHint = "Every session on the targets";
        WhoListed = "Listed sessions";
        WhoListedHint = "Single sessions, by their ids";
        UserNames = "User names";
        UserNamesHint = "One per line, spelled exactly as BIG-IP knows the name: case and domain count. A table with a header is read by its user column.";
        PasteSessions = "Sessions";
        PasteSessionsHint = "Paste a list: CSV or TSV with a header, BIG-IQ’s own report, the output of sessiondump, or lines of “device id”.";
        PasteUnderstood = "{n} session on {devices}|{n} sessions on {devices}";
        PasteBlankIds = "no session id: line {lines}";
        PasteNoDevice = "no device named: line {lines}";
        PasteUnknownDevice = "device “{device}” is not known: line {lines}";
        PasteAmbiguousDevice = "“{device}” may be several devices: line {lines}";
        PasteRepeated = "repeated: line {lines}";
        PasteNotUnderstood = "not understood: line {lines}";
        LiveHeading = "Live sessions";
        LiveHint = "Pick from the sessions of the targets chosen above, where BIG-IQ passes on what its devices say.";
        LiveRead = "Read the live sessions of {n} device|Read the live sessions of {n} devices";
        LiveNeedsTargets = "Choose targets first";
        LiveComplete = "{device}: {n} session, complete, read {ago}|{device}: {n} sessions, complete, read {ago}";
        LiveCut = "{device}: cut at {n} session, read {ago}|{device}: cut at {n} sessions, read {ago}";
        LiveNameless = "{device}: {n} session without an id can’t be picked|{device}: {n} sessions without an id can’t be picked";
        LiveSilent = "No list of sessions from {names}.";
        FilterSessions = "Filter by user, address, session id or device";
        SelectButOwn = "Choose {n}: all but your own|Choose {n}: all but your own";
        SelectButNewest = "Choose {n}: all but each user’s newest|Choose {n}: all but each user’s newest";
        SessionsOfUser = "{user} {n}|{user} {n}";
        SessionsPicked = "{n} session chosen from lists|{n} sessions chosen from lists";
        UsersRead = "{n} user|{n} users";
        ColumnRead = "Read from the column “{column}”";
        Where = "Where";
        Groups = "Access groups";
        Clusters = "Clusters";
        Devices = "Devices";
        PasteTargets = "Paste host names, addresses or ids";
        PasteTargetsLabel = "Targets";
        PasteTargetsHint = "Devices, clusters and access groups, separated by lines, commas or blanks.";
        PasteTargetsAdd = "Add to the choice";
        PasteFound = "{n} target found|{n} targets found";
        PasteFoundAgain = "{n} of them was named again|{n} of them were named again";
        PasteSeveral = "May be several devices, none was chosen: {names}.";
        LackTrust = "BIG-IQ does not know {names}: establish trust first.";
        LackDiscovery = "Trusted, but Access is not discovered on {names}: discover it in BIG-IQ first.";
        LackAge = "BIG-IQ knows {names} by now: refresh the inventory.";
        LackProduct = "No BIG-IP: {names}.";
        LackText = "Can’t be looked up, for a quote, an asterisk or a backslash: {names}.";
        LackUnknown = "Not in the inventory: {names}. Why could not be asked: {why}.";
        LackBeyond = "{n} more is not in the inventory and was not looked up.|{n} more are not in the inventory and were not looked up.";
        TabWithCount = "{label} {number}";
        Filter = "Filter";
        FilterGroups = "Filter access groups";
        FilterClusters = "Filter clusters";
        FilterDevices = "Filter devices";
        FilterHint = "Name, address, version, cluster, group or id; several words narrow it down";
        Shown = "{n} of {all} shown|{n} of {all} shown";
        SelectShown = "Choose all {n} shown|Choose all {n} shown";
        NothingMatches = "Nothing matches “{filter}”.";
        State = "State";
        StateAny = "any";
        NothingInState = "None is known to be in this state.";
        NothingKnown = "Not known until the inventory is read.";
        NothingListed = "BIG-IQ lists none.";
        DeviceCount = "{n} device|{n} devices";
        Cart = "Chosen targets";
        CartEmpty = "Nothing chosen yet.";
        ClearCart = "Clear all";
        CartHidden = "{n} of them is hidden by the filter|{n} of them are hidden by the filter";
        Why = "Why";
        Reason = "Reason or ticket";
        ReasonHint = "Kept in the record of this job. BIG-IQ has no place for it.";
        ClearForm = "Clear the form";
        Ready = "ready";
        MissingTrust = "not trusted";
        MissingDiscovery = "Access not discovered";
        MissingReach = "not reachable";
        MissingImport = "not imported";
        MissingTrustHelp = "Establish trust between BIG-IQ and the device first.";
        MissingDiscoveryHelp = "Discover the Access service of the device in BIG-IQ first.";
        MissingReachHelp = "BIG-IQ gets no answer from it: a kill there can take more than a minute, and fail.";
        MissingImportHelp = "It is in no access group yet; cluster and device can be chosen all the same.";
        InCluster = "in {cluster}";
        UnknownFromLink = "The link named targets that BIG-IQ does not list: {names}.";

        // The inventory.
        Reading = "Reading devices, clusters and access groups";
        ReadAgo = "Inventory read {ago}";
        Refresh = "Refresh";
        Refreshing = "Refreshing";
        InventoryFailed = "The inventory could not be read";
        InventoryStale = "The list shown was read {ago}.";
        InventoryEmpty = "BIG-IQ lists no device that Access manages.";
        InventoryEmptyHelp = "Establish trust with the BIG-IP devices and discover their Access service in BIG-IQ; then refresh.";

        // The plan.
        Plan = "Plan";
        PlanEmpty = "Choose who and where: the plan shows what would be sent, and whom it reaches, before anything happens.";
        PlanUsers = "Kills all sessions of";
        PlanEverybody = "Kills every session of everybody";
        PlanListed = "Kills {n} session|Kills {n} sessions";
        PlanOn = "on {n} device|on {n} devices";
        PlanOnUnknown = "on devices that only BIG-IQ knows";
        ReachAsOf = "As of {time}. BIG-IQ resolves groups and clusters itself when it runs.";
        ReachStandalone = "Standalone";
        Warnings = "Warnings";
        WarnDeviceInCluster = "{device} is in the cluster {cluster}. If it is the standby, BIG-IQ reports success and nothing ends.";
        WarnStandby = "{device} is the standby of {cluster} now: BIG-IQ would report success, and nothing would end.";
        WarnActiveNow = "{device} is the active member of {cluster} now; the cluster’s name holds after a failover too.";
        WarnInClusters = "{n} chosen device belongs to a cluster. A standby among them reports success, and nothing ends.|{n} chosen devices belong to clusters. A standby among them reports success, and nothing ends.";
        WarnNotReadyMany = "{n} device: {missing}. {help}|{n} devices: {missing}. {help}";
        WarnMore = "{text} The same holds for {n} more.|{text} The same holds for {n} more.";
        UseCluster = "Use {cluster} instead";
        UseClusters = "Use the clusters instead";
        UseActive = "Use the active member";
        LeaveOut = "Leave {device} out";
        LeaveOutAll = "Leave out {n}|Leave all {n} out";
        SendApart = "Send {device} as a task of its own";
        SendApartAll = "Send {n} as a task of its own|Send each of the {n} as a task of its own";
        UseName = "Use “{name}”";
        SessionsNow = "{n} session now|{n} sessions now";
        SessionsOn = "{device} {number}";
        SessionsKnown = "Live sessions read {ago} on {known} of {all} devices and clusters.";
        SessionsUnknown = "How many sessions there are now is not known: no device has told.";
        RoleActive = "active";
        RoleStandby = "standby";
        RoleUnknown = "role not known";
        NameAndRole = "{name} ({role})";
        WarnNotReady = "{device}: {missing}. {help}";
        WarnNobodyIn = "No known device belongs to {name}. BIG-IQ may know more, or fail the task.";
        WarnPadded = "“{name}” has spaces before or after it; they are sent with it.";
        WarnRepeated = "“{name}” is listed {n} time; it is sent once.|“{name}” is listed {n} times; it is sent once.";
        WarnNobodyNow = "Nobody named exactly “{name}” has a session on these devices now. BIG-IQ would call the kill a success.";
        WarnNobodyNear = "Nobody named exactly “{name}” has a session on these devices now. Did you mean {near}?";
        WarnNobodyKnown = "Nobody named exactly “{name}” has a session on those of the devices that tell theirs. Did you mean {near}?";
        WarnNotThere = "{n} of the chosen sessions is no longer on {device}.|{n} of the chosen sessions are no longer on {device}.";
        WarnOwn = "“{name}” may be you. Your own sessions would end; the kill goes on.";
        WarnEverybody = "If you reach this console through one of these devices, you lose it now; the kill goes on.";
        WarnPartialGroups = "The list of access groups could not be read: those shown are the ones that devices name.";
        WarnPartialDevices = "A part of the device list could not be read.";
        WarnNameless = "{n} listed device has no id and can’t be chosen.|{n} listed devices have no id and can’t be chosen.";
        WarnStale = "The inventory is {age} old.";
        WhatStays = "What does not end: the account is not locked, the user can sign in again at once, and OAuth tokens stay valid.";
        Request = "Exact request";
        RequestsMany = "Exact requests, one for each user";
        AsCurl = "As curl command";
        DevicesReached = "Devices reached";
        NeedUser = "Enter at least one user name";
        NeedTarget = "Choose at least one access group, cluster or device";
        NeedSessions = "Choose or paste at least one session";
        Vanished = "{name} is no longer in the inventory; remove it or refresh";
        ReviewUser = "Kill all sessions of {user} …";
        ReviewUsers = "Kill all sessions of {n} user …|Kill all sessions of {n} users …";
        ReviewEverybody = "Kill all sessions …";
        ReviewListed = "Kill {n} session …|Kill {n} sessions …";
        ReviewEmpty = "Kill sessions …";

        // The gate.
        GateUser = "Kill all sessions of {user} on {devices}?";
        GateUsers = "Kill all sessions of {n} user on {devices}?|Kill all sessions of {n} users on {devices}?";
        GateEverybody = "Kill all sessions of everybody on {devices}?";
        GateListed = "Kill {n} session on {devices}?|Kill {n} sessions on {devices}?";
        GateConsequence = "This can’t be undone. Whoever is cut off can sign in again at once.";
        GateTargets = "Targets";
        GateUsersList = "Users";
        GateType = "Type this phrase to confirm";
        PhraseEverybody = "kill all sessions on {n} target|kill all sessions on {n} targets";
        PhraseUsers = "kill sessions of {users} users on {n} target|kill sessions of {users} users on {n} targets";
        PhraseSessions = "kill {sessions} sessions on {n} device|kill {sessions} sessions on {n} devices";
        PhraseWrong = "This is not the phrase shown above";
        ReasonMissing = "Give a reason or a ticket";
        ActUser = "Kill all sessions of {user} on {devices}";
        ActUsers = "Kill all sessions of {n} user on {devices}|Kill all sessions of {n} users on {devices}";
        ActEverybody = "Kill all sessions on {devices}";
        ActListed = "Kill {n} session on {devices}|Kill {n} sessions on {devices}";
        Sending = "Sending";
        RejectedHeading = "BIG-IQ did not start the kill";
        RejectedHelp = "Nothing was killed. Go back, change the plan and confirm again.";
        NotSentHeading = "The request was not sent";
        NotSentHelp = "Nothing was killed. Sign in again if asked to, then confirm again.";
        BackToForm = "Back to the form";
        InFlightElsewhere = "{n} identical kill is in flight in another tab|{n} identical kills are in flight in other tabs";
        InFlightElsewhereBody = "Confirmed here, it runs a second time, and also ends sessions that were opened in between.";
        UnkeptHeading = "This browser can’t keep a record of the job";
        UnkeptBody = "Its storage is full or switched off. If the page is reloaded while the request is on its way, nobody will know whether it was sent. Nothing was sent yet.";
        SendUnkept = "Send it anyway";

        // A job.
        JobOfUser = "Kill sessions of {user}";
        JobOfEverybody = "Kill everybody’s sessions";
        JobOfListed = "Kill listed sessions";
        JobOfUsers = "Kill sessions of {n} user|Kill sessions of {n} users";
        JobBy = "by {operator}, {time}";
        JobReason = "Reason: {reason}";
        JobUnknownTitle = "No such job";
        JobUnknownBody = "This tab knows no such job. It may belong to another tab, or to another operator.";
        JobProgress = "Progress";
        JobTimeline = "What happened";
        JobRequest = "Exact request";
        JobDevices = "Devices named by the task";
        JobTask = "BIG-IQ task {id}";
        JobBatch = "Jobs of this plan";
        JobBatchDone = "{done} of {all} ended";
        JobUpdated = "Updated {ago}";
        JobsTitle = "Jobs";
        JobsEmpty = "No jobs in this tab yet.";
        JobsEmptyHelp = "A kill that you confirm is listed here and watched to its end.";
        JobsOfTab = "This tab’s jobs";
        PauseRest = "Pause the unsent rest";
        GoOn = "Go on sending";
        DropRest = "Drop the unsent rest";
        Paused = "Sending is paused: {n} not sent yet|Sending is paused: {n} not sent yet";
        ForgetJob = "Forget";
        SaveJson = "Save record (JSON)";
        SaveCsv = "Save record (CSV)";
        PrintRecord = "Print";
        RecordSaved = "The record was handed to the browser to be saved";
        RecordNotSaved = "The browser refused to save the record";
        PlanAgain = "Plan anew what failed …";
        Outcome = "Outcome";
        OutcomeAdded = "BIG-IQ named devices that the plan did not reach: {names}.";
        OutcomeSessions = "{n} session, {failed} failed|{n} sessions, {failed} failed";
        FateOpen = "not over";
        FateUntouched = "nothing done";
        FateReported = "done, says BIG-IQ";
        FateFailed = "failed";
        FateUnknown = "unknown, may be done";

        // Where a job stands.
        HeadConfirmed = "Waits for its turn";
        HeadSending = "Sending";
        HeadNotSent = "Not sent";
        HeadRejected = "Rejected by BIG-IQ";
        HeadUnknown = "Unknown whether BIG-IQ started it";
        HeadWatched = "Running on BIG-IQ";
        HeadCancelling = "Asked to cancel, still running";
        HeadSuccess = "BIG-IQ finished; it does not say how many sessions ended";
        HeadIncomplete = "BIG-IQ finished, but not completely";
        HeadFailed = "Failed on BIG-IQ";
        HeadCancelled = "Cancelled on BIG-IQ";
        HeadGone = "BIG-IQ no longer knows the task";
        HeadLost = "Contact lost since {time}; the task goes on at BIG-IQ";
        HelpSuccess = "A misspelt user and a standby device end the same way: BIG-IQ reports no count.";
        HelpIncomplete = "Its result is {result}. Sessions may be left: look at the devices.";
        HelpIncompleteBare = "It gives no result. Sessions may be left: look at the devices.";
        HelpFailed = "What was done on which device is not known: sessions may have ended. Look at the devices before you plan another kill.";
        HelpResolve = "It failed before any session was killed.";
        HelpGone = "It was removed, or BIG-IQ was reset. Whether sessions ended is not known.";
        HelpUnknown = "The answer was lost. Curfew looks for the task in BIG-IQ’s list; it does not send again.";
        HelpUnknownSeveral = "Several tasks could be the one: {ids}. Look at them in BIG-IQ.";
        HelpUnknownNone = "BIG-IQ’s list holds no task that could be the one. To send it again, make a new plan.";
        HelpNotSentReload = "The page was reloaded before its turn came. To send it, make a new plan.";
        HelpNotSentOut = "You were signed out before its turn came. To send it, make a new plan.";
        HelpNotSentDropped = "You dropped it.";
        HelpNotSentKept = "The browser could not keep a record of it.";
        Troubles = "What BIG-IQ says failed";
        TroubleIds = "{host}: {ids}";
        OddStatus = "BIG-IQ’s status: {status}";

        // The rail.
        StageSent = "sent";
        StageAccepted = "accepted";
        StageResolve = "resolve devices";
        StageKill = "kill";
        StageDone = "done";
        StageVerified = "verified";
        StatePending = "not reached";
        StateCurrent = "under way";
        StateDone = "done";
        StateFailed = "failed";
        StateUnknown = "not known";
        SpanAfter = "+{span}";

        // The timeline.
        EvConfirmed = "Confirmed by {operator}";
        EvSent = "Request sent";
        EvNotSent = "Not sent";
        EvRejected = "BIG-IQ rejected it";
        EvLost = "No answer that says what became of it";
        EvAccepted = "Accepted as task {id}";
        EvAdopted = "Its task was found: {id}";
        EvSeveral = "Several tasks could be the one: {ids}";
        EvNoneFound = "No task in BIG-IQ’s list could be the one";
        EvSeen = "Seen: {state}";
        EvResolved = "The task names {n} device|The task names {n} devices";
        EvNotReached = "Could not look: {what}";
        EvMissing = "BIG-IQ says that there is no such task";
        EvReloaded = "The page was reloaded";
        EvSignedOut = "Signed out";
        EvCancelAsked = "BIG-IQ was asked to cancel";
        EvCancelRefused = "BIG-IQ refused to cancel";
        EvChecked = "Live sessions compared: {gone} gone, {remaining} still there";
        EvTimes = "{text} ({n} time, last {time})|{text} ({n} times, last {time})";
        EvOdd = "{text}, which does not fit what was known";
    }
}

# Stands in for TMM, which runs iRules on a BIG-IP: loads a rule and runs its events for tests/proxy/lib/bigip.js, which does all
# networking. It implements only the commands that the rule uses, as F5 documents them; any other command is an error.
# Usage: tclsh tmm.tcl RULE IFILES_DIR DATA_GROUP_FILE
#
# A line of input is a Tcl list: an event, the number of its request, and the message's start and headers, each value in hex. A line of
# output is what the rule has decided.

namespace eval static {}
namespace eval tmm {
    variable events
    variable table
    variable folder [lindex $::argv 1]
    variable records
    variable now
    array set events {}
    array set table {}
    array set records {}
    array set now {}

    proc read_records { file } {
        variable records
        set channel [open $file]
        foreach line [split [string trim [read $channel]] "\n"] { set records([lindex $line 0]) [lrange $line 1 end] }
        close $channel
    }
    proc decoded { hex } { return [encoding convertfrom iso8859-1 [binary format H* $hex]] }
    proc encoded { text } { binary scan [encoding convertto iso8859-1 $text] H* hex; return $hex }

    # Runs an event. Its variables belong to one request, as TMM's belong to one connection.
    proc run { event number } {
        variable events
        if { ![info exists events($event)] } { return }
        if { [catch { namespace eval "::request$number" $events($event) } message options] == 1 } {
            puts stderr "error in $event: [dict get $options -errorinfo]"
            error $message
        }
    }

    proc handle { event number method uri version client status headers } {
        variable now
        array unset now
        array set now [list method [decoded $method] uri [decoded $uri] version $version client $client status $status close 0 pool "" collect "" release 0 answer ""]
        set now(headers) [list]
        foreach { name value } $headers { lappend now(headers) [decoded $name] [decoded $value] }
        run $event $number
        foreach { status body list } $now(answer) { break }
        set out [list]
        foreach { name value } $now(headers) { lappend out [encoded $name] [encoded $value] }
        if { $now(answer) ne "" } {
            set out [list]
            foreach { name value } $list { lappend out [encoded $name] [encoded $value] }
            set body [encoded $body]
        } else {
            set body ""
        }
        return [list $number [expr { $now(answer) ne "" }] $status $body $out $now(pool) $now(collect) $now(release) $now(close)]
    }
}

# Commands of iRules.
proc when { event body } { set ::tmm::events($event) $body }
proc call { name args } { return [uplevel 1 [concat [list ::$name] $args]] }
proc pool { name } { set ::tmm::now(pool) $name }
proc log { facility text } { puts stderr "log $text" }
proc ifile { command name } {
    if { $command ne "get" } { error "ifile $command" }
    set channel [open [file join $::tmm::folder $name] rb]
    set bytes [read $channel]
    close $channel
    return $bytes
}
proc class { command option dashes key operator name } {
    if { "$command $option $dashes $operator $name" ne "match -value -- equals curfew_files" } { error "class $command" }
    if { [info exists ::tmm::records($key)] } { return $::tmm::records($key) }
    return ""
}
proc table { command args } {
    switch -- $command {
        incr {
            if { [lrange $args 0 1] ne "-notouch -mustexist" } { error "table incr $args" }
            set key [lindex $args 2]
            if { ![info exists ::tmm::table($key)] } { return "" }
            return [incr ::tmm::table($key)]
        }
        set {
            if { [lrange $args 2 3] ne "indefinite 60" } { error "table set $args" }
            set ::tmm::table([lindex $args 0]) [lindex $args 1]
        }
        lookup { return $::tmm::table([lindex $args 1]) }
        default { error "table $command" }
    }
}
namespace eval IP {
    proc client_addr {} { return $::tmm::now(client) }
    proc addr { address mask bits } {
        if { "$mask $bits" ne "mask ffff:ffff:ffff:ffff::" } { error "IP::addr" }
        return "[join [lrange [split $address ":"] 0 3] ":"]::"
    }
}
namespace eval HTTP {
    proc method {} { return $::tmm::now(method) }
    proc uri {} { return $::tmm::now(uri) }
    proc path {} { return [lindex [split $::tmm::now(uri) "?"] 0] }
    proc version {} { return $::tmm::now(version) }
    proc host {} { return [header value Host] }
    proc status {} { return $::tmm::now(status) }
    proc close {} { set ::tmm::now(close) 1 }
    proc collect { length } { set ::tmm::now(collect) $length }
    proc release {} { set ::tmm::now(release) 1 }
    proc respond { status args } {
        if { [lindex $args 0] ne "content" || [lindex $args 2] ne "noserver" } { error "HTTP::respond $args" }
        set ::tmm::now(answer) [list $status [lindex $args 1] [lrange $args 3 end]]
    }
    proc header { command args } {
        upvar #0 ::tmm::now(headers) headers
        set wanted [lindex $args 0]
        set values [list]
        set names [list]
        set others [list]
        foreach { name value } $headers {
            lappend names $name
            if { [string equal -nocase $name $wanted] } { lappend values $value } else { lappend others $name $value }
        }
        switch -- $command {
            names { return $names }
            count { return [llength $values] }
            value { return [lindex $values end] }
            remove { set headers $others }
            replace { set headers [concat $others [list $wanted [lindex $args 1]]] }
            default { error "HTTP::header $command" }
        }
    }
}

::tmm::read_records [lindex $argv 2]
source [lindex $argv 0]
uplevel #0 $::tmm::events(RULE_INIT)
fconfigure stdout -buffering line
puts ready
# In a procedure: a global variable would be the rule's variable of the same name.
proc ::tmm::main {} {
    while { [gets stdin line] >= 0 } {
        if { [catch { eval [concat ::tmm::handle $line] } result] } { set result [list [lindex $line 1] 1 500 "" [list] "" "" 0 1] }
        puts $result
    }
}
::tmm::main
